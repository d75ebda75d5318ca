import CommandLineArguments
import Failures
import TestSupport
import Testing

import lockstep

@Suite("lockstep's commands and options")
struct CommandRegistryTests {
    private static let parser = CommandLineParser(program: CommandRegistry.program, version: "lockstep")
    private static let commands = CommandRegistry.program.runnableCommands

    private static func page(_ words: [String]) throws -> String {
        guard case .show(let text) = try parser.parse(words) else {
            Issue.record("\(words) runs a command")
            return ""
        }
        return text
    }

    @Test("The program's page lists every command and every exit code, and fits the page")
    func programPage() throws {
        let page = try Self.page(["--help"])
        #expect(
            page.hasPrefix("lockstep: trains convolutional networks on many processor cores and machines over MPI\n"))
        for (path, command) in Self.commands {
            let usage = (path.dropFirst() + command.positionals.map(\.name)).joined(separator: " ")
            #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."), "\(path)")
            #expect(page.replacing(/[\[\]]/, with: "").contains("\n  \(usage) "), "\(path)")
        }
        let codes = page.matches(of: /\n +(\d+) +\S/).compactMap { Int32($0.1) }
        #expect(codes == ExitCode.allCases.map(\.rawValue))
        for line in page.split(separator: "\n") { #expect(line.count <= HelpPage.columns, "\(line)") }
    }

    @Test("Every command's page names each of its options, and fits the page", arguments: commands.indices)
    func commandPages(index: Int) throws {
        let (path, command) = Self.commands[index]
        let page = try Self.page(Array(path.dropFirst()) + ["--help"])
        for option in command.options { #expect(page.contains("\n  \(option.usage)"), "\(option.name)") }
        for line in page.split(separator: "\n") { #expect(line.count <= HelpPage.columns, "\(line)") }
    }

    @Test("No option is declared twice or shadows help, and every text is there", arguments: commands.indices)
    func declarations(index: Int) {
        let command = Self.commands[index].command
        let names = command.options.map(\.name)
        let familiar = command.options.flatMap { $0.aliases + $0.familiarNames }
        #expect(Set(names).count == names.count)
        #expect(Set(familiar).count == familiar.count)
        #expect(Set(names).isDisjoint(with: familiar + ["help", "version", "h"]))
        for option in command.options {
            #expect(!option.help.isEmpty && !option.help.hasSuffix("."), "\(option.name)")
        }
    }

    @Test("Typing a default that is shown gives the value that holds without the option", arguments: commands.indices)
    func defaults(index: Int) throws {
        for option in Self.commands[index].command.options {
            guard let value = option.defaultValue else { continue }
            let text = try #require(option.defaultText)
            #expect(option.kind.value(of: text) == value, "--\(option.name) \(text)")
        }
    }

    // Guards: where a default is a plan's, the plan has it: typing all that the page shows changes nothing.
    @Test func defaultsOfPlans() throws {
        let train = try #require(Self.commands.first { $0.path == ["lockstep", "train"] }).command
        let words = train.options.filter { $0.defaultValue != nil }.flatMap { ["--\($0.name)", $0.defaultText ?? ""] }
        #expect(words.count > 60)
        let plain = try Launch.lockstep(["train", "--print-plan"])
        let typed = try Launch.lockstep(["train", "--print-plan"] + words)
        #expect(plain.output.contains("learningRate") && plain.output == typed.output, "\(typed.errors)")
    }

    @Test("A full training command line arrives whole, and only what it names counts as given")
    func trainingCommandLine() throws {
        let line = """
            train --recipe article --epochs 3 --learning-rate 5e-4 --data synthetic --stages 16x1,32x2 --nesterov off \
            --horizontal-flip=off --rotation 0 --dropout 0 --shuffle none --augmentation none --init w.safetensors \
            --optimizer sgd --schedule one-cycle --warmup-epochs 0.5 --reduction fast --batch-norm local --quiet
            """
        guard case .run(let arguments) = try Self.parser.parse(line.split(separator: " ").map(String.init)) else {
            Issue.record("nothing to run")
            return
        }
        #expect(arguments.command == ["lockstep", "train"])
        #expect(arguments.given("epochs") == .integer(3))
        #expect(arguments.given("learning-rate") == .number(5e-4))
        #expect(arguments.given("stages") == .list(["16x1", "32x2"]))
        #expect(arguments.given("nesterov") == .toggle(false))
        #expect(arguments.given("warmup-epochs") == .number(0.5))
        #expect(arguments.given("quiet") == .flag)
        #expect(arguments.givenOptions.count == 18)
        #expect(arguments.given("momentum") == nil)
    }

    // Guards: the words that people type by habit from other trainers set what they mean there, and the help page has them.
    @Test("Names from other trainers that mean the same work")
    func aliases() throws {
        let words = "train --lr 5e-4 --batch-size 64 --num-epochs 3 --wd 0.1 --eps 1e-6 --num-threads 2"
        guard case .run(let arguments) = try Self.parser.parse(words.split(separator: " ").map(String.init)) else {
            Issue.record("nothing to run")
            return
        }
        #expect(arguments.given("learning-rate") == .number(5e-4))
        #expect(arguments.given("global-batch") == .integer(64))
        #expect(arguments.given("epochs") == .integer(3))
        #expect(arguments.given("weight-decay") == .number(0.1))
        #expect(arguments.given("epsilon") == .number(1e-6))
        #expect(arguments.given("threads") == .integer(2))
        let page = try Self.page(["train", "--help"])
        for alias in ["--lr", "--batch-size", "--num-epochs", "--max-epochs"] {
            #expect(page.contains(alias), "\(alias)")
        }
    }

    // Guards: names that mean something else elsewhere are not taken for ours, but lead to them.
    @Test(
        "Names from other trainers that mean something like it lead to ours",
        arguments: [
            ("--workers", "--threads"), ("--num-workers", "--threads"), ("--lr-scheduler", "--schedule"),
            ("--batch", "--global-batch"),
        ])
    func familiarNames(typed: String, meant: String) {
        #expect { try Self.parser.parse(["train", typed, "1"]) } throws: {
            "\($0)" == "Unknown option \(typed); did you mean \(meant)? Run 'lockstep train --help' for the list."
        }
    }
}
