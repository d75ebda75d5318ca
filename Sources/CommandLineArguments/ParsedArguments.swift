/// The options and arguments of one command after all of them have been checked.
///
/// A getter returns nil when its option was not given, so that a recipe's value is replaced only by what was typed.
/// Asking for a name that the command does not declare, or with the getter of another kind, is a mistake in the
/// program and stops it.
public struct ParsedArguments: Sendable {
    /// The words that selected the command, the program's name first: `["lockstep", "benchmark", "throughput"]`.
    public let command: [String]
    /// The names of the given options, in the order in which they were given.
    public let givenOptions: [String]

    private let definition: CommandDefinition
    private let values: [String: ParsedValue]
    private let positionalValues: [String]

    init(
        command: [String], definition: CommandDefinition, options: [(name: String, value: ParsedValue)],
        positionals: [String]
    ) {
        self.command = command
        self.definition = definition
        givenOptions = options.map(\.name)
        values = Dictionary(options.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        positionalValues = positionals
    }

    /// Whether an option was given.
    public func isGiven(_ name: String) -> Bool { value(name) != nil }

    /// Whether a flag was given.
    public func flag(_ name: String) -> Bool {
        guard let value = value(name) else { return false }
        guard case .flag = value else { wrongKind(name) }
        return true
    }

    /// The value of an option that takes text, a path or one of several words.
    public func text(_ name: String) -> String? {
        guard let value = value(name) else { return nil }
        guard case .text(let text) = value else { wrongKind(name) }
        return text
    }

    /// The value of an option that takes a whole number, within its declared bounds.
    public func integer(_ name: String) -> Int? {
        guard let value = value(name) else { return nil }
        guard case .integer(let integer) = value else { wrongKind(name) }
        return integer
    }

    /// The value of an option that takes a decimal number, finite and within its declared range.
    public func number(_ name: String) -> Double? {
        guard let value = value(name) else { return nil }
        guard case .number(let number) = value else { wrongKind(name) }
        return number
    }

    /// The value of an option that takes `on` or `off`.
    public func toggle(_ name: String) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .toggle(let isOn) = value else { wrongKind(name) }
        return isOn
    }

    /// The items of an option that takes a list; never empty.
    public func list(_ name: String) -> [String]? {
        guard let value = value(name) else { return nil }
        guard case .list(let items) = value else { wrongKind(name) }
        return items
    }

    /// The value of an option of any kind but a flag, as a command line takes it: to pass it on to another command.
    public func spelling(_ name: String) -> String? {
        switch value(name) {
        case nil: nil
        case .flag: wrongKind(name)
        case .text(let text): text
        case .integer(let integer): "\(integer)"
        case .number(let number): "\(number)"
        case .toggle(let isOn): isOn ? "on" : "off"
        case .list(let items): items.joined(separator: ",")
        }
    }

    /// The chosen case of an option whose words are the raw values of an enumeration.
    public func choice<Choice: RawRepresentable<String>>(_ name: String, as type: Choice.Type) -> Choice? {
        guard let text = text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            preconditionFailure("--\(name) declares the word \(text), which \(type) does not have")
        }
        return choice
    }

    /// An argument given by place; nil when it is optional and was left out.
    public func positional(_ name: String) -> String? {
        guard let index = definition.positionals.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("\(definition.name) declares no argument \(name)")
        }
        return index < positionalValues.count ? positionalValues[index] : nil
    }

    /// An error about this command line that the parser cannot see, such as two options that exclude each other.
    /// - Parameter sentence: what is wrong, with its full stop; a pointer to the command's help page is added.
    public func usageError(_ sentence: String) -> UsageError {
        UsageError(sentence, helpOf: command)
    }

    private func value(_ name: String) -> ParsedValue? {
        precondition(definition.option(named: name) != nil, "\(definition.name) declares no option --\(name)")
        return values[name]
    }

    private func wrongKind(_ name: String) -> Never {
        preconditionFailure("--\(name) is declared with another kind of value")
    }
}
