/// One argument that is given by its place and not by a name.
public struct PositionalDefinition: Hashable, Sendable {
    /// The word that stands for it on help pages, in capitals; also its name for `ParsedArguments.positional(_:)`.
    public let name: String
    /// Whether the command runs without it. Optional arguments follow the required ones.
    public let isOptional: Bool
    /// What it is, in a few words and without a full stop.
    public let help: String

    /// Describes a positional argument.
    public init(_ name: String, isOptional: Bool = false, help: String) {
        self.name = name
        self.isOptional = isOptional
        self.help = help
    }

    /// The argument as usage lines show it, in brackets when optional.
    var usage: String { isOptional ? "[\(name)]" : name }
}
