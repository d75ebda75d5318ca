/// One option of a command, declared once: its name, what it takes, what holds without it, and its line on the help
/// page. `ParsedArguments` hands out the value of a declaration.
public struct Option<Value: Sendable>: OptionDeclaration {
    /// What the parser and the help page know of it.
    public let definition: OptionDefinition
    /// The value for what was given, nil if the option was not.
    let value: @Sendable (ParsedValue?) -> Value

    /// An option that has a value when it is not given, too.
    /// - Parameters:
    ///   - name: without its two dashes.
    ///   - placeholder: what stands for the value on help pages; a word for the type unless given.
    ///   - value: what holds when the option is not given, which is also what the help page shows.
    ///   - aliases: other names, without their dashes, that mean exactly the same and are accepted.
    ///   - familiarNames: names other programs use for something like it, from which errors point to this option.
    ///   - help: what the option does, in a few words and without a full stop.
    public init(
        _ name: String, _ type: ValueType<Value>, placeholder: String? = nil, default value: Value,
        aliases: [String] = [], familiarNames: [String] = [], help: String
    ) {
        definition = OptionDefinition(
            name, type.kind, placeholder: placeholder, default: type.parsed(value), defaultWords: nil,
            aliases: aliases, familiarNames: familiarNames, help: help)
        self.value = { $0.map(type.value) ?? value }
    }

    /// An option whose value is nil when it is not given.
    /// - Parameter words: what then happens, for the help page, where it is worth saying.
    public init<Given: Sendable>(
        _ name: String, _ type: ValueType<Given>, placeholder: String? = nil, otherwise words: String? = nil,
        aliases: [String] = [], familiarNames: [String] = [], help: String
    ) where Value == Given? {
        definition = OptionDefinition(
            name, type.kind, placeholder: placeholder, default: nil, defaultWords: words, aliases: aliases,
            familiarNames: familiarNames, help: help)
        value = { $0.map(type.value) }
    }
}

extension Option<Bool> {
    /// An option without a value: whether it was given.
    public static func flag(_ name: String, familiarNames: [String] = [], help: String) -> Option {
        Option(flag: name, familiarNames: familiarNames, help: help)
    }

    private init(flag name: String, familiarNames: [String], help: String) {
        definition = OptionDefinition(
            name, .flag, placeholder: nil, default: nil, defaultWords: nil, aliases: [], familiarNames: familiarNames,
            help: help)
        value = { $0 != nil }
    }
}

/// What declares an option: an `Option`, or a type of the program that holds one.
public protocol OptionDeclaration: Sendable {
    /// The option as the parser and the help page know it.
    var definition: OptionDefinition { get }
}
