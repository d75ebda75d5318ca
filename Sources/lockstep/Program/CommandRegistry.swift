import CommandLineArguments

/// The commands of `lockstep`: the parser, every help page and the tests read this and nothing else.
package enum CommandRegistry {
    /// A command, or several below one word.
    private enum Entry {
        case command(any Command.Type)
        case group(String, summary: String, [any Command.Type])
    }

    /// In the order in which the program's page shows them.
    private static var entries: [Entry] {
        [
            .command(TrainCommand.self),
            .command(EvaluateCommand.self),
            .command(InspectCommand.self),
            .command(VerifyCommand.self),
            .command(CompareCommand.self),
            .command(SummaryCommand.self),
            .command(RecipeCommand.self),
            .group(
                "benchmark", summary: "measure this machine",
                [
                    ThroughputCommand.self, KernelsCommand.self, ScalingCommand.self, NetworkCommand.self,
                    ProjectionCommand.self,
                ]),
            .command(DoctorCommand.self),
        ]
    }

    /// The program as a whole.
    package static let program = CommandDefinition(
        "lockstep", summary: "trains convolutional networks on many processor cores and machines over MPI",
        discussion: """
            Every rank holds the same network, trains on its share of each batch, and exchanges gradients at every \
            step; the result is the same on any number of ranks. Start it alone for one rank, or under mpirun for more.
            """,
        subcommands: entries.map { entry in
            switch entry {
            case .command(let command): command.definition
            case .group(let name, let summary, let commands):
                CommandDefinition(name, summary: summary, subcommands: commands.map { $0.definition })
            }
        },
        notes: [exitCodes, examples])

    /// The command that these words select, the program's name first.
    static func command(at path: [String]) -> any Command.Type {
        for entry in entries {
            switch entry {
            case .command(let command) where path.dropFirst() == [command.definition.name]: return command
            case .group(let name, _, let commands) where path.count == 3 && path[1] == name:
                if let command = commands.first(where: { $0.definition.name == path[2] }) { return command }
            default: continue
            }
        }
        preconditionFailure("no command \(path)")
    }
}

// MARK: - The end of the program's page

extension CommandRegistry {
    private static let exitCodes = HelpSection(
        "Exit codes",
        [
            .init("0", "success"), .init("1", "internal failure"), .init("2", "wrong command line"),
            .init("3", "data missing or damaged"),
            .init("4", "checkpoint missing, damaged or of another network"),
            .init("5", "output not writable, or in use"), .init("6", "communication between ranks failed"),
            .init("7", "ranks disagree about the build, the plan or the data"),
            .init("8", "training diverged: the loss is no longer a finite number"),
            .init("9", "the processor lacks instructions that this build uses"),
            .init("10", "the compared checkpoints differ"),
            .init("11", "stopped by a signal, with a checkpoint to resume from"),
            .init("12", "a rank gave no sign of life for as long as --stall-timeout"),
            .init("13", "the ranks no longer held the same weights or optimiser state"),
            .init("14", "the system refuses memory or threads; the message names the limit"),
        ])

    private static let examples = HelpSection(
        "Examples",
        [
            .init("lockstep train --data synthetic --epochs 2", "try it without any data"),
            .init("mpirun -np 8 lockstep train --data data/cifar-10-batches-bin", "train on eight cores"),
            .init("mpirun -np 3 lockstep train --resume --output runs/first", "go on, on three"),
        ])
}
