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
        #expect(arguments.integer("rows") == 7)
        #expect(arguments.integer("plants") == -3)
        #expect(arguments.list("kinds") == ["rye", "oats"])
        #expect(arguments.text("label") == "a=b")
        #expect(arguments.number("depth") == 0.01)
        #expect(arguments.number("moisture") == 0)
        #expect(arguments.choice("soil", as: Soil.self) == .clay)
        #expect(arguments.text("map") == "-")
        #expect(arguments.toggle("cover") == false)
        #expect(arguments.flag("dry-run"))
        #expect(arguments.positional("FIELD") == "north")
        #expect(arguments.positional("CORNER") == "left")
    }

    // Guards: an alias gives the value of the option itself, in both spellings.
    @Test("Aliases work like the option's name", arguments: [["--lines", "7"], ["--drills=7"]])
    func aliases(words: [String]) throws {
        guard case .run(let arguments) = try SampleProgram.parser.parse(["sow", "north"] + words) else {
            Issue.record("no command was found")
            return
        }
        #expect(arguments.integer("rows") == 7)
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
        #expect(arguments.isGiven("depth"))
        #expect(!arguments.isGiven("rows"))
        #expect(arguments.integer("rows") == nil)
        #expect(!arguments.flag("dry-run"))
        #expect(arguments.positional("CORNER") == nil)
    }

    @Test("Negative numbers are values and arguments, not options", arguments: ["-3", "-.5", "-1e3", "+2"])
    func negativeNumbers(number: String) throws {
        let arguments = try #require(try SampleProgram.arguments("sow", "--slope", number, number))
        #expect(arguments.number("slope") == Double(number))
        #expect(arguments.positional("FIELD") == number)
    }

    @Test("After -- nothing is an option")
    func endOfOptions() throws {
        let arguments = try #require(try SampleProgram.arguments("sow", "--rows", "2", "--", "--dry-run", "-h"))
        #expect(arguments.positional("FIELD") == "--dry-run")
        #expect(arguments.positional("CORNER") == "-h")
        #expect(!arguments.flag("dry-run"))
    }

    @Test("Commands of the second level are found, and theirs are the options")
    func secondLevel() throws {
        let arguments = try #require(try SampleProgram.arguments("harvest", "sell", "--price", "3"))
        #expect(arguments.command == ["farm", "harvest", "sell"])
        #expect(arguments.number("price") == 3)
    }

    @Test("A command's own check ends in the same kind of sentence")
    func ownError() throws {
        let arguments = try #require(try SampleProgram.arguments("sow", "north"))
        #expect(
            arguments.usageError("--rows and --map exclude each other.").description
                == "--rows and --map exclude each other. Run 'farm sow --help'.")
    }

    private enum Soil: String { case sand, clay, loam }
}
