import Collectives
import CommandLineArguments
import Foundation
import Reports
import Training

/// `lockstep train`: reads the options, shows how the run goes on, and stops it when a signal asks for it.
struct TrainCommand: Command {
    static let definition = CommandDefinition(
        "train", summary: "train a network",
        discussion: """
            Options replace single settings of the recipe. The run directory receives checkpoints and metrics.jsonl; \
            it must be new or empty unless --resume is given, which continues from its newest good checkpoint.
            """,
        sections: TrainOptions.sections)

    let arguments: ParsedArguments
    let communicator: any Communicator

    func run() throws {
        let network = try NetworkOptions.file(arguments, communicator)
        let plan = try plan(over: nil, network)
        guard !arguments[TrainOptions.printPlan] else {
            if communicator.rank == 0 { try Console.write(document: plan.prettyJSON + "\n") }
            return
        }
        // A signal that comes before the first step stops the run after it.
        StopSignals.watch()
        let (display, show) = Console.display(of: "Training")
        defer { display.finish() }
        try TrainingRun.start(
            options(), over: communicator, progress: progress(show),
            warn: { if !arguments[TrainOptions.quiet] { Console.warn($0) } },
            // A reader that has gone wanted no more, which without a terminal SIGPIPE would have said.
            stopSignal: { StopSignals.received ?? (display.isAbandoned ? "SIGPIPE, a closed standard output," : nil) },
            plan: { try self.plan(over: $0, network) }, data: { try DataOptions.load(arguments, $0) })
    }

    /// The recipe, or the stored plan of a resumed run, with the options given here over it.
    private func plan(over stored: TrainingPlan?, _ network: NetworkOptions.File?) throws -> TrainingPlan {
        var plan = try stored ?? recipe()
        try TrainOptions.apply(arguments, network: network, to: &plan)
        return plan
    }

    private func recipe() throws -> TrainingPlan {
        do {
            return try TrainingPlan.recipe(named: arguments[TrainOptions.recipe])
        } catch {
            throw arguments.usageError(error.description)
        }
    }

    private func options() throws -> RunOptions {
        guard arguments[TrainOptions.output] != nil || !arguments[TrainOptions.resume] else {
            throw arguments.usageError("--resume needs --output DIRECTORY, the directory of the run to go on with.")
        }
        var options = RunOptions(
            output: arguments[TrainOptions.output], program: Program.version, buildDigest: Program.buildDigest())
        options.resume = arguments[TrainOptions.resume]
        options.threads = arguments[RankOptions.threads]
        options.balance = try RankOptions.balance(arguments, communicator)
        options.initialWeights = arguments[TrainOptions.initialWeights]
        options.maxSteps = arguments[TrainOptions.maxSteps]
        options.checkpointEvery = try checkpointInterval()
        options.auditEvery = arguments[TrainOptions.auditEvery]
        options.stallTimeout = arguments[TrainOptions.stallTimeout]
        options.faults = try arguments[TrainOptions.faults].map { try Fault.read($0, ranks: communicator.size) } ?? []
        options.keep = arguments[TrainOptions.keep]
        if options.resume, options.initialWeights != nil {
            throw arguments.usageError(
                "--init and --resume exclude each other; a resumed run starts from its checkpoint.")
        }
        return options
    }

    private func checkpointInterval() throws -> CheckpointInterval? {
        guard let text = arguments[TrainOptions.checkpointEvery] else { return nil }
        guard let interval = CheckpointInterval(text) else {
            throw arguments.usageError(
                "--checkpoint-every takes a number of steps such as 500, or minutes such as 10m, not '\(text)'.")
        }
        return interval
    }

    private func progress(_ show: @escaping @Sendable (String) -> Void) -> ProgressLine {
        let terminal = Terminal(environment: ProcessInfo.processInfo.environment)
        let style: ProgressStyle =
            arguments[TrainOptions.quiet] || communicator.rank != 0
            ? .quiet : terminal.map { terminal in .live { terminal.columns } } ?? .log
        return ProgressLine(style: style, write: show)
    }
}
