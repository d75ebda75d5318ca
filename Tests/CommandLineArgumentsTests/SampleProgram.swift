import CommandLineArguments

/// A small program with every kind of option, two levels of commands and all parts of a help page.
enum SampleProgram {
    static let sow = CommandDefinition(
        "sow", summary: "put seeds into the ground",
        discussion: """
            Seeds are put into the ground row by row, as deep as asked for, and the same seeds always end up in the \
            same place.

            A second paragraph.
            """,
        positionals: [field, corner],
        sections: [
            OptionSection("Seeds", [rows, plants, kinds, label]),
            OptionSection("Ground", [depth, slope, moisture, soil, map, cover, dryRun]),
        ])

    static let field = PositionalDefinition("FIELD", help: "the field to sow")
    static let corner = PositionalDefinition("CORNER", isOptional: true, help: "where to begin")

    static let rows = Option(
        "rows", .integer(1...Int.max), default: 12, aliases: ["lines", "drills"], help: "rows to sow")
    static let plants = Option<Int?>("plants", .integer(-5...5), help: "plants more or fewer than usual")
    static let kinds = Option<[String]?>("kinds", .list, placeholder: "NAMES", help: "kinds of seed, in order")
    static let label = Option<String?>("label", .text, help: "what to write on the sign")
    static let depth = Option(
        "depth", .number(.positive), placeholder: "CENTIMETRES", default: 2.5, familiarNames: ["cm"],
        help: "how far below the surface the seeds are put, measured at the middle of the row")
    static let slope = Option<Double?>("slope", .number(.anyNumber), help: "rise to the north")
    static let moisture = Option<Float?>("moisture", .number(.from(0, below: 1)), help: "share of water")
    static let soil = Option("soil", .choice, default: Soil.loam, help: "kind of soil")
    static let map = Option("map", .path, otherwise: "the last one", help: "a map of the field")
    static let cover = Option("cover", .toggle, default: true, help: "cover the seeds")
    static let dryRun = Option.flag("dry-run", help: "only say what would be done")

    enum Soil: String, CaseIterable { case sand, clay, loam }

    static let weigh = CommandDefinition("weigh", summary: "weigh the harvest")
    static let sell = CommandDefinition(
        "sell", summary: "sell the harvest",
        sections: [OptionSection("Price", [price])])
    static let price = Option<Double?>("price", .number(.atLeast(0)), help: "per sack")

    static let program = CommandDefinition(
        "farm", summary: "runs a farm",
        subcommands: [sow, CommandDefinition("harvest", summary: "after the summer", subcommands: [weigh, sell])],
        notes: [
            HelpSection(
                "Examples", [.init("farm sow north", "sow"), .init("farm harvest sell --price 3 --loudly", "sell")])
        ])

    static let parser = CommandLineParser(program: program, version: "farm 1.2")

    /// The checked arguments of a command line, or nil when it shows a text.
    static func arguments(_ words: String...) throws -> ParsedArguments? {
        guard case .run(let arguments) = try parser.parse(words) else { return nil }
        return arguments
    }

    /// The text that a command line shows, or nil when it runs a command.
    static func shownText(_ words: [String]) throws -> String? {
        guard case .show(let text) = try parser.parse(words) else { return nil }
        return text
    }

    /// The sentence with which a command line is refused, or nil when it is accepted.
    static func refusal(_ words: [String]) -> String? {
        do {
            _ = try parser.parse(words)
            return nil
        } catch {
            return error.description
        }
    }
}
