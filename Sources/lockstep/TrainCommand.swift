import Collectives
import CommandLineArguments
import Foundation
import Reports
import Training

/// `lockstep train`: reads the options, shows how the run goes on, and stops it when a signal asks for it.
struct TrainCommand {
    let arguments: ParsedArguments
    let communicator: any Communicator

    func run() throws {
        let plan = try plan(over: nil)
        guard !arguments.flag("print-plan") else {
            if communicator.rank == 0 { try Console.write(document: plan.prettyJSON + "\n") }
            return
        }
        // A signal that comes before the first step stops the run after it.
        StopSignals.watch()
        let (display, show) = Console.display(of: "Training")
        defer { display.finish() }
        try TrainingRun.start(
            options(), over: communicator, progress: progress(show),
            warn: { if !arguments.flag("quiet") { Console.warn($0) } },
            // A reader that has gone wanted no more, which without a terminal SIGPIPE would have said.
            stopSignal: { StopSignals.received ?? (display.isAbandoned ? "SIGPIPE, a closed standard output," : nil) },
            plan: { try self.plan(over: $0) }, data: { try DataArgument.load(arguments, $0) })
    }

    /// The recipe, or the stored plan of a resumed run, with the options given here over it.
    private func plan(over stored: TrainingPlan?) throws -> TrainingPlan {
        var plan = try stored ?? recipe()
        try PlanArguments(arguments).apply(to: &plan)
        return plan
    }

    private func recipe() throws -> TrainingPlan {
        do {
            return try TrainingPlan.recipe(named: arguments.text("recipe") ?? TrainingPlan().recipe)
        } catch {
            throw arguments.usageError(error.description)
        }
    }

    private func options() throws -> RunOptions {
        guard arguments.text("output") != nil || !arguments.flag("resume") else {
            throw arguments.usageError("--resume needs --output DIRECTORY, the directory of the run to go on with.")
        }
        var options = RunOptions(
            output: arguments.text("output"), program: Program.version, buildDigest: Program.buildDigest())
        options.resume = arguments.flag("resume")
        options.threads = arguments.integer("threads") ?? options.threads
        options.balance = try BalanceArgument.read(arguments, communicator)
        options.initialWeights = arguments.text("init")
        options.maxSteps = arguments.integer("max-steps")
        options.checkpointEvery = try checkpointInterval()
        options.auditEvery = arguments.integer("audit-every") ?? options.auditEvery
        options.stallTimeout = arguments.number("stall-timeout") ?? options.stallTimeout
        options.faults = try arguments.text("inject").map { try Fault.read($0, ranks: communicator.size) } ?? []
        options.keep = arguments.integer("keep") ?? options.keep
        if options.resume, options.initialWeights != nil {
            throw arguments.usageError(
                "--init and --resume exclude each other; a resumed run starts from its checkpoint.")
        }
        return options
    }

    private func checkpointInterval() throws -> CheckpointInterval? {
        guard let text = arguments.text("checkpoint-every") else { return nil }
        guard let interval = CheckpointInterval(text) else {
            throw arguments.usageError(
                "--checkpoint-every takes a number of steps such as 500, or minutes such as 10m, not '\(text)'.")
        }
        return interval
    }

    private func progress(_ show: @escaping @Sendable (String) -> Void) -> ProgressLine {
        let terminal = Terminal(environment: ProcessInfo.processInfo.environment)
        let style: ProgressStyle =
            arguments.flag("quiet") || communicator.rank != 0
            ? .quiet : terminal.map { terminal in .live { terminal.columns } } ?? .log
        return ProgressLine(style: style, write: show)
    }
}
