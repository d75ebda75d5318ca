/// What the parser and the help page know of an `Option`: `--name VALUE`, `--name=VALUE`, or `--name` alone for a flag.
public struct OptionDefinition: Hashable, Sendable {
    /// The name without its two dashes.
    public let name: String
    /// What follows the name, and within which bounds.
    public let kind: ValueKind
    /// The word that stands for the value on help pages; nil for flags.
    public let placeholder: String?
    /// What the option does, in a few words and without a full stop.
    public let help: String
    /// What holds when the option is not given; nil for nothing, and for what its own words tell.
    package let defaultValue: ParsedValue?
    private let defaultWords: String?
    /// Other names, without their dashes, that mean exactly the same and are accepted.
    public let aliases: [String]
    /// Names other programs use for something like it. They are not accepted; an error points from them to this option.
    public let familiarNames: [String]

    /// Without a placeholder, choices show their words and everything else a word for its kind.
    init(
        _ name: String, _ kind: ValueKind, placeholder: String?, default defaultValue: ParsedValue?,
        defaultWords: String?, aliases: [String], familiarNames: [String], help: String
    ) {
        self.name = name
        self.kind = kind
        self.placeholder = kind == .flag ? nil : placeholder ?? Self.usualPlaceholder(for: kind)
        self.help = help
        self.defaultValue = defaultValue
        self.defaultWords = defaultWords
        self.aliases = aliases
        self.familiarNames = familiarNames
    }

    /// What holds when the option is not given, as help pages show it; nil when there is nothing to show.
    public var defaultText: String? { defaultWords ?? defaultValue?.spelling }

    /// The option as it is typed, such as `--epochs N`.
    public var usage: String { placeholder.map { "--\(name) \($0)" } ?? "--\(name)" }

    private static func usualPlaceholder(for kind: ValueKind) -> String {
        switch kind {
        case .flag, .text: return "TEXT"
        case .path: return "PATH"
        case .integer: return "N"
        case .number: return "X"
        case .choice(let words): return words.joined(separator: "|")
        case .toggle: return "on|off"
        case .list: return "LIST"
        }
    }
}
