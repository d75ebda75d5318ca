/// The value of one option after it has been checked against its `ValueKind`.
enum ParsedValue: Hashable, Sendable {
    case flag
    case text(String)
    case integer(Int)
    case number(Double)
    case toggle(Bool)
    case list([String])
}
