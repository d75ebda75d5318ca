/// The options and arguments of one command after all of them have been checked.
///
/// Asking for one that the command does not declare is a mistake in the program and stops it.
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

    /// The value of an option: the given one, or what holds without.
    public subscript<Value>(option: Option<Value>) -> Value { option.value(given(option)) }

    /// Whether an option was given, so that a recipe's value is replaced only by what was typed.
    public func isGiven(_ option: some OptionDeclaration) -> Bool { given(option) != nil }

    /// A required argument given by place.
    public subscript(positional: PositionalDefinition) -> String {
        guard let value = self[optional: positional] else { preconditionFailure("\(positional.name) is optional") }
        return value
    }

    /// An argument given by place; nil when it is optional and was left out.
    public subscript(optional positional: PositionalDefinition) -> String? {
        guard let index = definition.positionals.firstIndex(of: positional) else {
            preconditionFailure("\(definition.name) declares no argument \(positional.name)")
        }
        return index < positionalValues.count ? positionalValues[index] : nil
    }

    /// What was given for the option of a name, as a command line takes it; nil if nothing was. To pass it on to another
    /// command.
    public func spelling(_ name: String) -> String? { given(name)?.spelling }

    /// What was given for the option of a name.
    package func given(_ name: String) -> ParsedValue? {
        precondition(definition.options.contains { $0.name == name }, "\(definition.name) declares no option --\(name)")
        return values[name]
    }

    /// An error about this command line that the parser cannot see, such as two options that exclude each other.
    /// - Parameter sentence: what is wrong, with its full stop; a pointer to the command's help page is added.
    public func usageError(_ sentence: String) -> UsageError {
        UsageError(sentence, helpOf: command)
    }

    private func given(_ option: some OptionDeclaration) -> ParsedValue? {
        let option = option.definition
        precondition(definition.options.contains(option), "\(definition.name) declares --\(option.name) otherwise")
        return values[option.name]
    }
}
