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
                    OptionDefinition("any", .integer(.min ... .max), help: "any whole number"),
                    OptionDefinition(
                        "count", .integer(1...Int.max), aliases: ["number"], familiarNames: ["n"],
                        help: "a number of things"),
                    OptionDefinition("few", .integer(-5...5), help: "a few more or fewer"),
                    OptionDefinition("rate", .number(.positive), help: "a positive number"),
                    OptionDefinition("share", .number(.from(0, below: 1)), help: "a share"),
                    OptionDefinition("angle", .number(.anyNumber), help: "any number"),
                ]),
            OptionSection(
                "Words",
                [
                    OptionDefinition("title", .text, help: "a text"),
                    OptionDefinition("file", .path, help: "a path"),
                    OptionDefinition("mode", .choice(["slow", "steady", "fast"]), help: "a word"),
                    OptionDefinition("light", .toggle, help: "on or off"),
                    OptionDefinition("names", .list, help: "a list"),
                    OptionDefinition("quiet", .flag, help: "a flag"),
                ]),
        ])

    private static let rest = CommandDefinition(
        "rest", summary: "takes one option",
        sections: [OptionSection("Time", [OptionDefinition("minutes", .number(.atLeast(0)), help: "how long")])])
    private static let still = CommandDefinition("still", summary: "takes nothing")
}
