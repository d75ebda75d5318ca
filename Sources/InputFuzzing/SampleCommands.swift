import CommandLineArguments

/// Commands of no program, with every kind of option and two levels, to try the parser with.
package enum SampleCommands {
    /// The program.
    package static let program = CommandDefinition(
        "sample", summary: "has every kind of option",
        subcommands: [
            work, CommandDefinition("group", summary: "holds commands", subcommands: [rest, still]),
        ])

    private static let work = CommandDefinition(
        "work", summary: "takes everything",
        positionals: [
            PositionalDefinition("FROM", help: "where to begin"),
            PositionalDefinition("TO", isOptional: true, help: "where to end"),
        ],
        sections: [
            OptionSection(
                "Numbers",
                [
                    Option<Int?>("any", .integer(.min ... .max), help: "any whole number"),
                    Option<Int?>(
                        "count", .integer(1...Int.max), aliases: ["number"], familiarNames: ["n"],
                        help: "a number of things"),
                    Option<Int?>("few", .integer(-5...5), help: "a few more or fewer"),
                    Option<Double?>("rate", .number(.positive), help: "a positive number"),
                    Option<Double?>("share", .number(.from(0, below: 1)), help: "a share"),
                    Option<Double?>("angle", .number(.anyNumber), help: "any number"),
                ]),
            OptionSection(
                "Words",
                [
                    Option<String?>("title", .text, help: "a text"),
                    Option<String?>("file", .path, help: "a path"),
                    Option("mode", .choice(["slow", "steady", "fast"]), default: "steady", help: "a word"),
                    Option("light", .toggle, default: true, help: "on or off"),
                    Option<[String]?>("names", .list, help: "a list"),
                    Option.flag("quiet", help: "a flag"),
                ]),
        ])

    private static let rest = CommandDefinition(
        "rest", summary: "takes one option",
        sections: [OptionSection("Time", [Option<Double?>("minutes", .number(.atLeast(0)), help: "how long")])])
    private static let still = CommandDefinition("still", summary: "takes nothing")
}
