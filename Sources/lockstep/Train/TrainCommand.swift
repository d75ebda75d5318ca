import Checkpoints
import Collectives
import CommandLineArguments
import Datasets
import Failures
import Foundation
import Hosts
import Reports
import Training

/// `lockstep train`: reads the options, agrees with the other ranks on where to start, and runs.
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

    /// The seconds that ranks wait for one that gives no sign of life, unless `--stall-timeout` says otherwise.
    static let patience = 120.0

    private var agreement: RankAgreement { RankAgreement(communicator) }

    func run() throws {
        var plan = try plan(over: nil)
        guard !arguments[TrainOptions.printPlan] else {
            if communicator.rank == 0 { try Console.write(document: plan.prettyJSON + "\n") }
            return
        }
        // A signal that comes before the first step stops the run after it.
        StopSignals.watch()
        let (display, show) = Console.display(of: "Training")
        defer { display.finish() }
        let progress = progress(show)
        var options = try options()
        // On rank 0, as long as it may write.
        var lock: RunLock?
        defer { lock?.release() }
        let resumed = try resumedRun(options, &lock, progress)
        let start = try sharedStart(resumed)
        if let start {
            let stored = start.plan
            plan = try self.plan(over: stored)
            let continued = plan
            try agreement.together { try continued.requireContinuation(of: stored) }
        }
        let shared = plan
        let threads = options.threads
        try agreement.together { try shared.validate(ranks: communicator.size, threads: threads) }
        let data = try agreement.together { try DataOptions.load(arguments, shared) }
        try requireSameData(resumed, data)
        if start == nil {
            // The network follows the data.
            try agreement.together { try plan.architecture.take(data.training.shape, classes: data.training.classes) }
        }
        let fitted = plan
        // Only now, so that a run that could not start leaves no directory.
        options.output = try newDirectory(options, &lock, progress)
        let images = data.training.count + data.test.count
        let diagnosis = try Diagnosis(
            of: fitted, options.balance, threads: threads, images: images, choosesBatch: true, over: communicator)
        if communicator.rank == 0, !arguments[TrainOptions.quiet] { Console.warn(diagnosis.warnings) }
        notices(data, fitted, options, start, progress)
        let run = try TrainingRun(
            fitted, data: data, options: options, communicator: communicator, start: start?.position, resumed: resumed,
            lock: lock, progress: progress,
            // A reader that has gone wanted no more, which without a terminal SIGPIPE would have said.
            stopSignal: { StopSignals.received ?? (display.isAbandoned ? "SIGPIPE, a closed standard output," : nil) })
        communicator.watchStalls(after: arguments[TrainOptions.stallTimeout])
        try run.run()
    }

    /// The recipe, or the stored plan of a resumed run, with the options given here over it.
    private func plan(over stored: TrainingPlan?) throws -> TrainingPlan {
        var plan = try stored ?? recipe()
        try TrainOptions.apply(arguments, to: &plan)
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
        // A run without a name is given one with its directory.
        var options = RunOptions(
            output: arguments[TrainOptions.output].map { RunDirectory.name($0) } ?? "", program: Program.version,
            buildDigest: Program.buildDigest())
        options.resume = arguments[TrainOptions.resume]
        options.threads = arguments[RankOptions.threads]
        options.balance = try RankOptions.balance(arguments, communicator)
        options.initialWeights = arguments[TrainOptions.initialWeights]
        options.maxSteps = arguments[TrainOptions.maxSteps]
        options.checkpointEvery = try checkpointInterval()
        options.auditEvery = arguments[TrainOptions.auditEvery]
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

    /// Rank 0 reads the newest good checkpoint of the run to go on with; nil for a new run and on other ranks.
    private func resumedRun(
        _ options: RunOptions, _ lock: inout RunLock?, _ progress: ProgressLine
    ) throws -> RunCheckpoint? {
        var progress = progress
        var resumed: RunCheckpoint?
        try agreement.fromDriver {
            if options.resume {
                // Under the lock: nobody writes a newer one while this one is read. Without a run there is nothing to lock.
                _ = try CheckpointDirectory(path: options.output).list()
                lock = try RunLock(options.output, hostName: communicator.hostName) { progress.note($0) }
                let newest = try CheckpointArgument.newest(in: options.output)
                for sentence in newest.skipped { progress.note(sentence) }
                resumed = try RunCheckpoint(reading: newest.checkpoint)
                progress.note("Resuming from \(newest.checkpoint.origin).")
            }
        }
        return resumed
    }

    /// The run directory; that of a new run is made and locked by rank 0.
    private func newDirectory(
        _ options: RunOptions, _ lock: inout RunLock?, _ progress: ProgressLine
    ) throws -> String {
        var progress = progress
        return try agreement.fromDriver {
            guard !options.resume else { return options.output }
            var path = options.output
            if path.isEmpty { path = try RunDirectory.createNamed() } else { try RunDirectory.create(path) }
            lock = try RunLock(path, hostName: communicator.hostName) { progress.note($0) }
            // Another run may have come and gone before the lock was taken.
            try RunDirectory.requireEmpty(path)
            return path
        }
    }

    /// Where a run goes on.
    private struct Start: Codable {
        let plan: TrainingPlan
        let position: RunPosition
    }

    /// Rank 0's plan and position on every rank; nil for a new run.
    private func sharedStart(_ resumed: RunCheckpoint?) throws -> Start? {
        try agreement.fromDriver { resumed.map { Start(plan: $0.plan, position: $0.position) } }
    }

    private func requireSameData(_ resumed: RunCheckpoint?, _ data: RunData) throws {
        try agreement.fromDriver {
            if let resumed, resumed.dataFingerprint != data.fingerprint {
                throw RunFailure(
                    .checkpoint,
                    "The run in the checkpoint was trained on other data; pass the --data of that run, or choose another "
                        + "--output to start a new run.")
            }
        }
    }

    private func progress(_ show: @escaping @Sendable (String) -> Void) -> ProgressLine {
        let terminal = Terminal(environment: ProcessInfo.processInfo.environment)
        let style: ProgressStyle =
            arguments[TrainOptions.quiet] || communicator.rank != 0
            ? .quiet : terminal.map { terminal in .live { terminal.columns } } ?? .log
        return ProgressLine(style: style, write: show)
    }

    /// What a person should know before the first step.
    private func notices(
        _ data: RunData, _ plan: TrainingPlan, _ options: RunOptions,
        _ start: Start?, _ progress: ProgressLine
    ) {
        var progress = progress
        for notice in data.notices { progress.note(notice) }
        if let start, let notice = plan.learningRateNotice(over: start.plan, at: start.position) {
            progress.note(notice)
        }
        let ranks =
            NumberFormat.counted(communicator.size, "rank")
            + (options.threads == 1 ? "" : " of \(options.threads) threads")
        let verb = start.map { "Going on from step \($0.position.step)" } ?? "Training"
        progress.note(
            "\(verb): recipe \(plan.recipe), \(plan.epochs) epochs of \(NumberFormat.grouped(data.training.count)) images, "
                + "\(plan.globalBatch) a step\(accumulation(plan)) over \(ranks); writing to \(options.output).")
    }

    private func accumulation(_ plan: TrainingPlan) -> String {
        plan.accumulation.map { " in \($0) micro-batches" } ?? ""
    }
}
