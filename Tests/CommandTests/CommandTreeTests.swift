import CommandLineArguments
import Testing

import lockstep

@Suite("lockstep's commands and options")
struct CommandTreeTests {
    private static let parser = CommandLineParser(program: CommandTree.program, version: "lockstep")
    private static let commands = CommandTree.program.runnableCommands

    private static func page(_ words: [String]) throws -> String {
        guard case .show(let text) = try parser.parse(words) else {
            Issue.record("\(words) runs a command")
            return ""
        }
        return text
    }

    @Test("The program's page")
    func programPage() throws {
        let expected = """
            lockstep: trains convolutional networks on many processor cores and machines over MPI

            Usage: lockstep COMMAND [options]

            Every rank holds the same network, trains on its share of each batch, and exchanges
            gradients at every step; the result is the same on any number of ranks. Start it alone for
            one rank, or under mpirun for more.

            Commands:
              train                        train a network
              evaluate CHECKPOINT          measure a checkpoint's accuracy and loss on the test images
              inspect CHECKPOINT           show what a checkpoint holds: its plan, position and tensors
              verify PATH                  check the digests of a checkpoint, or of all those of a run
              compare A B                  say which tensors of two checkpoints differ, and by how much
              summary                      show the layers of a network with shapes and parameter counts
              recipe [NAME]                print a recipe as a complete plan, or list the recipes
              benchmark throughput         train on synthetic images and report images per second
              benchmark kernels            time each layer of a step against the processor's peak
              benchmark scaling            measure strong and weak scaling, with plots of it as a page
              benchmark network            time messages and sums between ranks, and fit a network model
              benchmark projection         project a step to a thousand ranks from a model
              doctor                       say what is wrong with the hosts of a job, and measure each
                                           rank

            Help:
              -h, --help                   show this page
              --version                    show the version

            Exit codes:
              0                            success
              1                            internal failure
              2                            wrong command line
              3                            data missing or damaged
              4                            checkpoint missing, damaged or of another network
              5                            output not writable, or in use
              6                            communication between ranks failed
              7                            ranks disagree about the build, the plan or the data
              8                            training diverged: the loss is no longer a finite number
              9                            the processor lacks instructions that this build uses
              10                           the compared checkpoints differ
              11                           stopped by a signal, with a checkpoint to resume from
              12                           a rank gave no sign of life for as long as --stall-timeout
              13                           the ranks no longer held the same weights or optimiser state
              14                           the system refuses memory or threads; the message names the
                                           limit

            Examples:
              lockstep train --data synthetic --epochs 2
                                           try it without any data
              mpirun -np 8 lockstep train --data data/cifar-10-batches-bin
                                           train on eight cores
              mpirun -np 3 lockstep train --resume --output runs/first
                                           go on, on three

            Run 'lockstep COMMAND --help' for the options of a command.
            """
        #expect(try Self.page(["--help"]) == expected)
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

    @Test("Every default that is shown would be accepted if it were typed", arguments: commands.indices)
    func defaults(index: Int) throws {
        let (path, command) = Self.commands[index]
        for option in command.options where option.name != "output" {
            guard let text = option.defaultText else { continue }
            let words = path.dropFirst() + ["--\(option.name)", text] + command.positionals.map(\.name)
            #expect(throws: Never.self, "\(option.name)") { _ = try Self.parser.parse(Array(words)) }
        }
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
        #expect(arguments.integer("epochs") == 3)
        #expect(arguments.number("learning-rate") == 5e-4)
        #expect(arguments.list("stages") == ["16x1", "32x2"])
        #expect(arguments.toggle("nesterov") == false)
        #expect(arguments.number("warmup-epochs") == 0.5)
        #expect(arguments.flag("quiet"))
        #expect(arguments.givenOptions.count == 18)
        #expect(!arguments.isGiven("momentum"))
    }

    // Guards: the words that people type by habit from other trainers set what they mean there, and the help page has them.
    @Test("Names from other trainers that mean the same work")
    func aliases() throws {
        let words = "train --lr 5e-4 --batch-size 64 --num-epochs 3 --wd 0.1 --eps 1e-6 --num-threads 2"
        guard case .run(let arguments) = try Self.parser.parse(words.split(separator: " ").map(String.init)) else {
            Issue.record("nothing to run")
            return
        }
        #expect(arguments.number("learning-rate") == 5e-4)
        #expect(arguments.integer("global-batch") == 64)
        #expect(arguments.integer("epochs") == 3)
        #expect(arguments.number("weight-decay") == 0.1)
        #expect(arguments.number("epsilon") == 1e-6)
        #expect(arguments.integer("threads") == 2)
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
