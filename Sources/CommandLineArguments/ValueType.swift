/// A kind of value on command lines together with the type that the program has for it.
public struct ValueType<Value: Sendable>: Sendable {
    let kind: ValueKind
    /// The program's value for one that the kind has accepted.
    let value: @Sendable (ParsedValue) -> Value
    /// The way back.
    let parsed: @Sendable (Value) -> ParsedValue

    /// - Parameter value: nil for what the kind does not accept.
    private init(
        _ kind: ValueKind, value: @escaping @Sendable (ParsedValue) -> Value?,
        parsed: @escaping @Sendable (Value) -> ParsedValue
    ) {
        self.kind = kind
        self.parsed = parsed
        self.value = {
            guard let value = value($0) else { preconditionFailure("\(kind) has accepted \($0)") }
            return value
        }
    }
}

extension ValueType where Value: FixedWidthInteger {
    /// A whole number within bounds.
    public static func integer(_ bounds: ClosedRange<Int>) -> ValueType {
        ValueType(.integer(bounds)) {
            guard case .integer(let integer) = $0 else { return nil }
            return Value(exactly: integer)
        } parsed: {
            .integer(Int($0))
        }
    }
}

extension ValueType where Value: BinaryFloatingPoint {
    /// A finite decimal number within bounds.
    public static func number(_ range: NumberRange) -> ValueType {
        ValueType(.number(range)) {
            guard case .number(let number) = $0 else { return nil }
            return Value(number)
        } parsed: {
            .number(Double($0))
        }
    }
}

extension ValueType<String> {
    /// Any text but the empty one.
    public static var text: ValueType { text(.text) }
    /// A file or directory name; any text but the empty one.
    public static var path: ValueType { text(.path) }
    /// One of the listed words.
    public static func choice(_ words: [String]) -> ValueType { text(.choice(words)) }

    private static func text(_ kind: ValueKind) -> ValueType {
        ValueType(kind) {
            guard case .text(let text) = $0 else { return nil }
            return text
        } parsed: {
            .text($0)
        }
    }
}

extension ValueType where Value: RawRepresentable<String> & CaseIterable {
    /// One of the cases, by its raw value.
    public static var choice: ValueType {
        ValueType(.choice(Value.allCases.map(\.rawValue))) {
            guard case .text(let text) = $0 else { return nil }
            return Value(rawValue: text)
        } parsed: {
            .text($0.rawValue)
        }
    }
}

extension ValueType<Bool> {
    /// The word `on` or `off`.
    public static var toggle: ValueType {
        ValueType(.toggle) {
            guard case .toggle(let isOn) = $0 else { return nil }
            return isOn
        } parsed: {
            .toggle($0)
        }
    }
}

extension ValueType<[String]> {
    /// Items separated by commas, none of them empty; never an empty list.
    public static var list: ValueType {
        ValueType(.list) {
            guard case .list(let items) = $0 else { return nil }
            return items
        } parsed: {
            .list($0)
        }
    }
}
