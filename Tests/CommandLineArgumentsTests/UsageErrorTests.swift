import Testing

import CommandLineArguments

@Suite("Command lines that are refused")
struct UsageErrorTests {
    /// Each line is refused with exactly this sentence.
    private static let refusals: [(words: [String], sentence: String)] = [
        (["sow", "f", "--row", "3"], "Unknown option --row; did you mean --rows? Run 'farm sow --help' for the list."),
        (["sow", "f", "-rows", "3"], "Unknown option -rows; did you mean --rows? Run 'farm sow --help' for the list."),
        (["sow", "f", "--cm=3"], "Unknown option --cm; did you mean --depth? Run 'farm sow --help' for the list."),
        (["sow", "f", "--soli"], "Unknown option --soli; did you mean --soil? Run 'farm sow --help' for the list."),
        (["sow", "f", "--hepl"], "Unknown option --hepl; did you mean --help? Run 'farm sow --help' for the list."),
        (["sow", "f", "--zebra"], "Unknown option --zebra. Run 'farm sow --help' for the list."),
        (["sow", "f", "--=1"], "Unknown option --. Run 'farm sow --help' for the list."),
        (["sow", "f", "-\u{1B}[2J"], "Unknown option -\\u{1b}[2J. Run 'farm sow --help' for the list."),
        (
            ["sow", "f", "--price", "3"],
            "--price is an option of 'farm harvest sell', not of 'farm sow'. Run 'farm sow --help' for the list."
        ),
        (
            ["harvest", "sell", "--lines", "3"],
            "--lines is an option of 'farm sow', not of 'farm harvest sell'. Run 'farm harvest sell --help' for the list."
        ),
        (
            ["sow", "f", "--line", "3"],
            "Unknown option --line; did you mean --lines? Run 'farm sow --help' for the list."
        ),
        (["sow", "f", "--lines=0"], "--rows takes a whole number of at least 1, not '0'. Run 'farm sow --help'."),
        (
            ["sow", "f", "--rows=3", "--lines", "5"],
            "--rows was given twice ('3' and '5'); keep one of them. Run 'farm sow --help'."
        ),
        (["sow", "f", "--rows"], "--rows needs a value: --rows N. Run 'farm sow --help'."),
        (["sow", "f", "--rows", "--dry-run"], "--rows needs a value: --rows N. Run 'farm sow --help'."),
        (["sow", "f", "--rows", "--", "3"], "--rows needs a value: --rows N. Run 'farm sow --help'."),
        (
            ["sow", "f", "--label", "-new"],
            "--label needs a value: --label TEXT; a value that begins with a dash is written --label=VALUE. "
                + "Run 'farm sow --help'."
        ),
        (["sow", "f", "--rows=x"], "--rows takes a whole number of at least 1, not 'x'. Run 'farm sow --help'."),
        (["sow", "f", "--rows=0"], "--rows takes a whole number of at least 1, not '0'. Run 'farm sow --help'."),
        (["sow", "f", "--rows=1.5"], "--rows takes a whole number of at least 1, not '1.5'. Run 'farm sow --help'."),
        (
            ["sow", "f", "--rows", "9223372036854775808"],
            "--rows takes a whole number of at least 1, not '9223372036854775808'. Run 'farm sow --help'."
        ),
        (["sow", "f", "--plants", "6"], "--plants takes a whole number from -5 to 5, not '6'. Run 'farm sow --help'."),
        (["sow", "f", "--depth=0"], "--depth takes a number greater than 0, not '0'. Run 'farm sow --help'."),
        (["sow", "f", "--depth=1e999"], "--depth takes a number greater than 0, not '1e999'. Run 'farm sow --help'."),
        (["sow", "f", "--slope=nan"], "--slope takes a number, not 'nan'. Run 'farm sow --help'."),
        (["sow", "f", "--slope=0x10"], "--slope takes a number, not '0x10'. Run 'farm sow --help'."),
        (["sow", "f", "--moisture=1"], "--moisture takes a number from 0 to below 1, not '1'. Run 'farm sow --help'."),
        (
            ["sow", "f", "--soil", "caly"],
            "--soil takes sand, clay or loam, not 'caly'; did you mean clay? Run 'farm sow --help'."
        ),
        (["sow", "f", "--cover", "yes"], "--cover takes on or off, not 'yes'. Run 'farm sow --help'."),
        (
            ["sow", "f", "--kinds", "a,,b"],
            "--kinds takes items separated by commas, none of them empty, not 'a,,b'. Run 'farm sow --help'."
        ),
        (["sow", "f", "--map="], "--map takes a path that is not empty, not ''. Run 'farm sow --help'."),
        (["sow", "f", "--dry-run=1"], "--dry-run takes no value; write it alone. Run 'farm sow --help'."),
        (
            ["sow", "f", "--rows=3", "--rows", "5"],
            "--rows was given twice ('3' and '5'); keep one of them. Run 'farm sow --help'."
        ),
        (
            ["sow", "f", "--dry-run", "--dry-run"],
            "--dry-run was given twice; keep one of them. Run 'farm sow --help'."
        ),
        (["sow"], "'farm sow' needs FIELD: the field to sow. Run 'farm sow --help'."),
        (["sow", ""], "FIELD is empty; expected the field to sow. Run 'farm sow --help'."),
        (
            ["sow", "a", "b", "c"],
            "Unexpected argument 'c'; 'farm sow' takes FIELD [CORNER] and options only. Run 'farm sow --help'."
        ),
        (
            ["harvest", "weigh", "x"],
            "Unexpected argument 'x'; 'farm harvest weigh' takes options only. Run 'farm harvest weigh --help'."
        ),
        (["sew"], "Unknown command 'sew'; did you mean 'sow'? Run 'farm --help' for the list of commands."),
        (["plough"], "Unknown command 'plough'. Run 'farm --help' for the list of commands."),
        (
            ["harvest", "wiegh"],
            "Unknown command 'wiegh'; did you mean 'weigh'? Run 'farm harvest --help' for the list of commands."
        ),
        (["harvest"], "'farm harvest' needs a command: weigh, sell. Run 'farm harvest --help'."),
        (
            ["--rows=3", "sow"],
            "A command must come before '--rows=3', as in 'farm sow --rows'. "
                + "Run 'farm --help' for the list of commands."
        ),
        (["--"], "A command must come before '--'. Run 'farm --help' for the list of commands."),
        (["help", "sew"], "Unknown command 'sew'; did you mean 'sow'? Run 'farm --help' for the list of commands."),
    ]

    @Test("Each mistake is answered by one sentence with the next step", arguments: refusals.indices)
    func sentence(index: Int) {
        let refusal = Self.refusals[index]
        #expect(SampleProgram.refusal(refusal.words) == refusal.sentence)
    }

    @Test("Long words are cut, so that a sentence stays a sentence")
    func longWord() throws {
        let sentence = try #require(
            SampleProgram.refusal(["sow", "f", "--rows=" + String(repeating: "9", count: 5000)]))
        #expect(sentence.count < 200)
        #expect(sentence.contains("999…'"))
    }

    @Test(
        "Distances count inserted, deleted, replaced and swapped letters",
        arguments: [
            ("", "abc", 3), ("abc", "abc", 0), ("kitten", "sitting", 3), ("ab", "ba", 1), ("epoch", "epochs", 1),
        ])
    func distances(first: String, second: String, expected: Int) {
        #expect(SpellingSuggestion.slips(between: Array(first), and: Array(second)) == expected)
        #expect(SpellingSuggestion.slips(between: Array(second), and: Array(first)) == expected)
    }

    @Test("No command line whatever crashes the parser, and every refusal points to a help page")
    func randomCommandLines() {
        let words = [
            "sow", "harvest", "weigh", "sell", "help", "--help", "-h", "--version", "--", "-", "---", "", "=", "--=",
            "--rows", "--rows=", "--rows=1", "--plants", "-3", "--kinds=,", "--kinds", "a,b", "--depth", "1e5",
            "-1e400",
            "--soil", "clay", "--cover=on", "--dry-run", "--dry-run=", "--map", "\u{0}", "é\u{301}👩‍👩‍👧", "--ü=ö", "north",
            "9999999999999999999999", "--label=--", "--price", "nan", ".", "-.", "e", "-e", "+-", "--row", "\n",
        ]
        var generator = FixedGenerator(state: 7)
        for _ in 0..<20_000 {
            let line = (0..<Int.random(in: 0...6, using: &generator)).map { _ in words.randomElement(using: &generator)!
            }
            guard let sentence = SampleProgram.refusal(line) else { continue }
            #expect(sentence.contains(" Run 'farm") && sentence.hasSuffix("."), "\(line)")
            #expect(!sentence.unicodeScalars.contains { $0.value < 32 }, "\(line)")
        }
    }

    /// A small repeatable generator (SplitMix64, Steele, Lea and Flood, OOPSLA 2014).
    private struct FixedGenerator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
