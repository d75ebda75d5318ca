import Testing

import CommandLineArguments

@Suite("Help pages")
struct HelpPageTests {
    @Test("A command's page shows usage, arguments, and every option with placeholder and default, aligned")
    func commandPage() throws {
        let expected = """
            farm sow: put seeds into the ground

            Usage: farm sow FIELD [CORNER] [options]

            Seeds are put into the ground row by row, as deep as asked for, and the same seeds always
            end up in the same place.

            A second paragraph.

            Arguments:
              FIELD                        the field to sow
              CORNER                       where to begin

            Seeds:
              --rows N                     rows to sow (default: 12; also --lines, --drills)
              --plants N                   plants more or fewer than usual
              --kinds NAMES                kinds of seed, in order
              --label TEXT                 what to write on the sign

            Ground:
              --depth CENTIMETRES          how far below the surface the seeds are put, measured at the
                                           middle of the row (default: 2.5)
              --slope X                    rise to the north
              --moisture X                 share of water
              --soil sand|clay|loam        kind of soil (default: loam)
              --map PATH                   a map of the field (default: the last one)
              --cover on|off               cover the seeds (default: on)
              --dry-run                    only say what would be done

            Help:
              -h, --help                   show this page
            """
        #expect(try SampleProgram.shownText(["sow", "--help"]) == expected)
    }

    @Test("The program's page lists all commands, those of the second level in full, and its notes")
    func programPage() throws {
        let expected = """
            farm: runs a farm

            Usage: farm COMMAND [options]

            Commands:
              sow FIELD [CORNER]           put seeds into the ground
              harvest weigh                weigh the harvest
              harvest sell                 sell the harvest

            Help:
              -h, --help                   show this page
              --version                    show the version

            Examples:
              farm sow north               sow
              farm harvest sell --price 3 --loudly
                                           sell

            Run 'farm COMMAND --help' for the options of a command.
            """
        #expect(try SampleProgram.shownText(["--help"]) == expected)
    }

    @Test(
        "Help wins over everything else that may be wrong, in all its spellings",
        arguments: [
            ["sow", "-h"], ["help", "sow"], ["sow", "--bad", "--help"], ["sow", "--rows", "--help"],
            ["sow", "--rows", "x", "-h"],
        ])
    func helpWins(words: [String]) throws {
        #expect(try SampleProgram.shownText(words) == (try SampleProgram.shownText(["sow", "--help"])))
    }

    @Test(
        "No arguments, 'help' alone, and -h before a command show the program's page",
        arguments: [[], ["help"], ["-h"]])
    func programHelp(words: [String]) throws {
        #expect(try SampleProgram.shownText(words)?.hasPrefix("farm: runs a farm\n") == true)
    }

    @Test("A group of commands has a page of its own")
    func groupPage() throws {
        let page = try #require(try SampleProgram.shownText(["harvest", "--help"]))
        #expect(page.hasPrefix("farm harvest: after the summer\n"))
        #expect(page.contains("\n  sell                         sell the harvest\n"))
        #expect(!page.contains("--version"))
    }

    @Test("--version shows the version")
    func version() throws {
        #expect(try SampleProgram.shownText(["--version"]) == "farm 1.2")
    }

    @Test("Text is broken between words; a word that is too long keeps its own line")
    func wrapping() {
        #expect(HelpPage.wrapped("aa bb cc", columns: 5) == ["aa bb", "cc"])
        #expect(HelpPage.wrapped("aaaaaaaa b", columns: 5) == ["aaaaaaaa", "b"])
        #expect(HelpPage.wrapped("aa b\u{A0}b", columns: 5) == ["aa", "b b"])
        #expect(HelpPage.wrapped("  ", columns: 5) == [])
    }
}
