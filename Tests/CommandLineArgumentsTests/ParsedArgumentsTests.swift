import Testing

import CommandLineArguments

@Suite("Options and arguments that are accepted")
struct ParsedArgumentsTests {
    @Test("Every kind of value arrives through its getter, in both spellings")
    func everyKind() throws {
        let arguments = try #require(
            try SampleProgram.arguments(
                "sow", "--rows", "7", "north", "--plants=-3", "--kinds", "rye,oats", "--label=a=b", "--depth", "1e-2",
                "--moisture=0", "--soil", "clay", "--map", "-", "--cover=off", "--dry-run", "left"))
        #expect(arguments.command == ["farm", "sow"])
        #expect(arguments[SampleProgram.rows] == 7)
        #expect(arguments[SampleProgram.plants] == -3)
        #expect(arguments[SampleProgram.kinds] == ["rye", "oats"])
        #expect(arguments[SampleProgram.label] == "a=b")
        #expect(arguments[SampleProgram.depth] == 0.01)
        #expect(arguments[SampleProgram.moisture] == 0)
        #expect(arguments[SampleProgram.soil] == .clay)
        #expect(arguments[SampleProgram.map] == "-")
        #expect(arguments[SampleProgram.cover] == false)
        #expect(arguments[SampleProgram.dryRun])
        #expect(arguments[SampleProgram.field] == "north")
        #expect(arguments[optional: SampleProgram.corner] == "left")
    }

    // Guards: an alias gives the value of the option itself, in both spellings.
    @Test("Aliases work like the option's name", arguments: [["--lines", "7"], ["--drills=7"]])
    func aliases(words: [String]) throws {
        guard case .run(let arguments) = try SampleProgram.parser.parse(["sow", "north"] + words) else {
            Issue.record("no command was found")
            return
        }
        #expect(arguments[SampleProgram.rows] == 7)
        #expect(arguments.givenOptions == ["rows"])
    }

    @Test("Values of every kind are spelled so that another command line takes them")
    func spelling() throws {
        let words = [
            "--rows", "7", "--plants", "-3", "--kinds", "rye,oats", "--label", "a=b", "--depth", "0.01", "--soil",
            "clay", "--map", "-", "--cover", "off",
        ]
        guard case .run(let arguments) = try SampleProgram.parser.parse(["sow", "north"] + words) else {
            Issue.record("no command was found")
            return
        }
        let again = arguments.givenOptions.flatMap { ["--\($0)", arguments.spelling($0) ?? ""] }
        #expect(again == words)
        #expect(arguments.spelling("slope") == nil)
    }

    @Test("Only what was typed counts as given, in its order, so that it alone replaces a recipe's values")
    func givenOptions() throws {
        let arguments = try #require(try SampleProgram.arguments("sow", "north", "--depth=3", "--cover", "on"))
        #expect(arguments.givenOptions == ["depth", "cover"])
        #expect(arguments.isGiven(SampleProgram.depth))
        #expect(!arguments.isGiven(SampleProgram.rows))
        #expect(arguments[SampleProgram.rows] == 12)
        #expect(!arguments[SampleProgram.dryRun])
        #expect(arguments[optional: SampleProgram.corner] == nil)
    }

    @Test("Negative numbers are values and arguments, not options", arguments: ["-3", "-.5", "-1e3", "+2"])
    func negativeNumbers(number: String) throws {
        let arguments = try #require(try SampleProgram.arguments("sow", "--slope", number, number))
        #expect(arguments[SampleProgram.slope] == Double(number))
        #expect(arguments[SampleProgram.field] == number)
    }

    @Test("After -- nothing is an option")
    func endOfOptions() throws {
        let arguments = try #require(try SampleProgram.arguments("sow", "--rows", "2", "--", "--dry-run", "-h"))
        #expect(arguments[SampleProgram.field] == "--dry-run")
        #expect(arguments[optional: SampleProgram.corner] == "-h")
        #expect(!arguments[SampleProgram.dryRun])
    }

    @Test("Commands of the second level are found, and theirs are the options")
    func secondLevel() throws {
        let arguments = try #require(try SampleProgram.arguments("harvest", "sell", "--price", "3"))
        #expect(arguments.command == ["farm", "harvest", "sell"])
        #expect(arguments[SampleProgram.price] == 3)
    }

    @Test("A command's own check ends in the same kind of sentence")
    func ownError() throws {
        let arguments = try #require(try SampleProgram.arguments("sow", "north"))
        #expect(
            arguments.usageError("--rows and --map exclude each other.").description
                == "--rows and --map exclude each other. Run 'farm sow --help'.")
    }

    @Test("What holds without an option is what its declaration and the help page say")
    func defaults() throws {
        let arguments = try #require(try SampleProgram.arguments("sow", "north"))
        #expect(arguments[SampleProgram.rows] == 12 && SampleProgram.rows.definition.defaultText == "12")
        #expect(arguments[SampleProgram.depth] == 2.5 && SampleProgram.depth.definition.defaultText == "2.5")
        #expect(arguments[SampleProgram.soil] == .loam && SampleProgram.soil.definition.defaultText == "loam")
        #expect(arguments[SampleProgram.cover] && SampleProgram.cover.definition.defaultText == "on")
        #expect(arguments[SampleProgram.map] == nil && SampleProgram.map.definition.defaultText == "the last one")
        #expect(arguments[SampleProgram.kinds] == nil && SampleProgram.kinds.definition.defaultText == nil)
        #expect(!arguments[SampleProgram.dryRun] && SampleProgram.dryRun.definition.defaultText == nil)
    }

    @Test(
        "Numbers are spelled as people write them",
        arguments: [(1.0, "1"), (0.5, "0.5"), (1e-7, "1e-7"), (1e-12, "1e-12"), (0.15625, "0.15625")])
    func numbers(number: Double, text: String) {
        let option = Option("share", .number(.anyNumber), default: number, help: "a share")
        #expect(option.definition.defaultText == text)
    }
}
