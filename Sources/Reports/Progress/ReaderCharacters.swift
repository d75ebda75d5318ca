/// The characters that a person in front can read: the one place that decides it for every line and table.
///
/// Texts are composed with all characters they need, and pass through here on their way to the person. Documents for
/// programs do not: JSON is UTF-8 anywhere.
public enum ReaderCharacters: Sendable {
    /// All of them.
    case unicode
    /// ASCII in the place of what Lockstep draws and abbreviates with; names and paths stay the bytes that they are.
    case ascii

    // One for one, so that columns stay aligned, but for the ellipsis, which ends a text.
    private static let replacements: [Character: String] = [
        "─": "-", "━": "=", "╸": ">", "→": ">", "·": "-", "–": "-", "−": "-", "‖": "|", "×": "x", "µ": "u", "…": "...",
    ]

    /// What the locale in a process's environment can show: its character set is UTF-8 or it is not, by the variables in
    /// their order of precedence.
    public init(environment: [String: String]) {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        let name = locale?.lowercased() ?? ""
        self = name.contains("utf-8") || name.contains("utf8") ? .unicode : .ascii
    }

    /// A text as this person can read it.
    public func shown(_ text: String) -> String {
        switch self {
        case .unicode: text
        case .ascii: text.map { Self.replacements[$0] ?? String($0) }.joined()
        }
    }
}
