import Foundation
import TestSupport
import Testing

@Suite("What the README tells people to type", .serialized)
struct ReadmeTests {
    private static let text = try! String(contentsOfFile: Launch.root + "/README.md", encoding: .utf8)

    /// The lines of its code blocks that are commands, without their comments.
    private static let commands = text.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }
        .flatMap { $0.element.split(separator: "\n") }
        .map { $0.hasPrefix("$ ") ? $0.dropFirst(2) : $0 }.filter { $0.hasPrefix("scripts/") }
        .map { $0.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces) }

    /// What keeps a training that would take hours to a moment, and away from the network. What a command says itself
    /// stands.
    private static let short = [
        ("--data", "synthetic"), ("--stages", "8x1,16x1"), ("--limit-train", "60"), ("--limit-test", "30"),
        ("--epochs", "1"), ("--max-steps", "3"),
    ]

    // Guards: a person who clones the project and types what the README shows gets a training. The clone holds what git
    // holds; the build, which takes minutes and which CI does in a clone of its own, is this one.
    @Test func commandsRunFromACleanClone() throws {
        #expect(Self.commands.contains("scripts/train") && Self.commands.contains("scripts/test"))
        let directory = try TestDirectory()
        let clone = directory.file("clone")
        let copy = "mkdir '\(clone)' && git ls-files -z | tar --null --files-from=- -c | tar -x -C '\(clone)'"
        let cloned = try Launch.run(["env", "-C", Launch.root, "bash", "-c", copy])
        try #require(cloned.exitCode == 0, "\(cloned.errors)")
        try directory.write(
            script: "#!/bin/sh\ncase $* in *--show-bin-path*) echo '\(Launch.products.path)' ;; esac\n", "swift")
        for command in Self.commands where command != "scripts/test" {
            let added = Self.short.filter { !command.contains($0.0) }.map { "\($0) \($1)" }.joined(separator: " ")
            let line = "PATH='\(directory.path)':$PATH; cd '\(clone)' && \(command) \(added)"
            let launch = try Launch.run(["bash", "-c", line], processes: 2)
            #expect(launch.exitCode == 0, "\(line): \(launch.errors)")
            #expect(launch.output.contains("validation accuracy"), "\(line): \(launch.output)")
        }
        #expect(WrittenRun(clone + "/runs/first").newestCheckpoint == 1)
    }

    // Guards: README and articles do not speak of files that are not there.
    @Test func filesAreThere() throws {
        let sources = Launch.root + "/Sources"
        let articles = try FileManager.default.subpathsOfDirectory(atPath: sources).filter { $0.hasSuffix(".md") }
        #expect(articles.count > 5)
        for text in [Self.text] + (try articles.map { try String(contentsOfFile: sources + "/" + $0, encoding: .utf8) })
        {
            let files = text.matches(of: /`((?:scripts|hostfiles|Sources|Tests)\/[A-Za-z0-9_.+\/-]*[A-Za-z0-9])/)
            for file in Set(files.map(\.1)) {
                #expect(FileManager.default.fileExists(atPath: "\(Launch.root)/\(file)"), "\(file)")
            }
        }
    }

    // Guards: the README does not speak of options that no command has.
    @Test func optionsAreThere() throws {
        let help = try ["train", "evaluate", "doctor", "benchmark throughput"].map {
            try Launch.lockstep($0.split(separator: " ").map(String.init) + ["--help"]).output
        }.joined()
        let table = Self.text.components(separatedBy: "| option of `train` |")[1].components(separatedBy: "\n\n")[0]
        let options = table.matches(of: /--[a-z][a-z-]+/).map { $0.0 }
        #expect(options.count > 30)
        for option in Set(options) { #expect(help.contains(option), "\(option)") }
    }

    // Guards: the picture shows the figures that are written down. To draw it again: swift run -c release draw-figures
    @Test func pictureShowsTheFigures() throws {
        let directory = try TestDirectory()
        let drawn = directory.file("measured.svg")
        let launch = try Launch.run(["env", "-C", Launch.root, Launch.product("draw-figures"), drawn])
        try #require(launch.exitCode == 0, "\(launch.errors)")
        let shown = try #require(Self.text.firstMatch(of: /!\[.+\]\((.+\.svg)\)/)).1
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: drawn))
                == Data(contentsOf: URL(fileURLWithPath: "\(Launch.root)/\(shown)")))
    }

    // Guards: every exit code stands in the README, and none that there is not.
    @Test func exitCodesAreThere() throws {
        let section = Self.text.components(separatedBy: "## Errors and exit codes")[1].components(separatedBy: "\n## ")[
            0]
        let written = section.matches(of: /\n\| (\d+) \|/).compactMap { Int32($0.1) }
        let help = try Launch.lockstep(["--help"]).output
        let known = help.components(separatedBy: "Exit codes:")[1].matches(of: /\n +(\d+) +/).compactMap { Int32($0.1) }
        #expect(!known.isEmpty && written == known)
    }
}
