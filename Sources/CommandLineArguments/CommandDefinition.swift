/// A command as data: what it is called, what it takes, and what its help page says.
///
/// The program itself is a command with subcommands; subcommands may have subcommands of their own. A command with
/// subcommands takes no options or arguments besides `--help`.
public struct CommandDefinition: Hashable, Sendable {
    /// The word that selects the command.
    public let name: String
    /// One line in lists of commands, without a full stop.
    public let summary: String
    /// Paragraphs below the usage line, separated by empty lines; may be empty.
    public let discussion: String
    /// The arguments given by place, in order.
    public let positionals: [PositionalDefinition]
    /// The options, grouped as the help page shows them.
    public let sections: [OptionSection]
    /// The commands below this one; empty for a command that runs.
    public let subcommands: [CommandDefinition]
    /// Lists at the end of the help page.
    public let notes: [HelpSection]

    /// Describes a command that runs.
    public init(
        _ name: String, summary: String, discussion: String = "", positionals: [PositionalDefinition] = [],
        sections: [OptionSection] = [], notes: [HelpSection] = []
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.positionals = positionals
        self.sections = sections
        self.subcommands = []
        self.notes = notes
    }

    /// Describes a group of commands, or the whole program.
    public init(
        _ name: String, summary: String, discussion: String = "", subcommands: [CommandDefinition],
        notes: [HelpSection] = []
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.positionals = []
        self.sections = []
        self.subcommands = subcommands
        self.notes = notes
    }

    /// All options of the command, section by section.
    public var options: [OptionDefinition] { sections.flatMap(\.options) }

    /// The option that is typed by a name or an alias, without its dashes.
    func option(typed word: String) -> OptionDefinition? {
        options.first { $0.name == word || $0.aliases.contains(word) }
    }

    /// Every command that runs, with the words that select it; the first word is this command's name.
    package var runnableCommands: [(path: [String], command: CommandDefinition)] {
        guard !subcommands.isEmpty else { return [([name], self)] }
        return subcommands.flatMap { $0.runnableCommands.map { ([name] + $0.path, $0.command) } }
    }
}

/// One argument that is given by its place and not by a name.
public struct PositionalDefinition: Hashable, Sendable {
    /// The word that stands for it on help pages, in capitals.
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

/// Options that belong together, under one title on the help page.
public struct OptionSection: Hashable, Sendable {
    /// The title, without a colon.
    public let title: String
    /// The options, in the order in which they are shown.
    public let options: [OptionDefinition]

    /// Groups options under a title.
    public init(_ title: String, _ options: [any OptionDeclaration]) {
        self.title = title
        self.options = options.map(\.definition)
    }
}
