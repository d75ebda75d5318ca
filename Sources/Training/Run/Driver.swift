import Checkpoints
import Datasets
import Failures
import Reports

/// What the driver decides after a step; every rank acts on it.
struct Decision: OptionSet, Codable {
    let rawValue: UInt8

    /// Measure the network on the test images.
    static let evaluate = Decision(rawValue: 1)
    /// Write a checkpoint.
    static let checkpoint = Decision(rawValue: 2)
    /// End the run.
    static let stop = Decision(rawValue: 4)
    /// End it because a signal asked for it.
    static let interrupt = Decision(rawValue: 8)
}

/// Rank 0's part of a run: it decides on evaluation, checkpoints and stopping, and is the only one that a person hears.
final class Driver {
    private let options: RunOptions
    private let plan: TrainingPlan
    private let lock: RunLock?
    private let writer: CheckpointWriter
    private let metrics: MetricsWriter
    private var metricsProblem: ReportError?
    private var progress: ProgressLine
    private var epochAccount = StepAccount()
    private var epochSteps = 0
    private var epochStart = 0.0
    private var epochImages = 0
    private var lastSave = MonotonicClock.seconds
    private let runStart = MonotonicClock.seconds
    private var checkpointPauses: [Double] = []
    // Written when the next step has shown that its weights give a finite loss, or at the end.
    private var unproven: RunCheckpoint?

    /// Opens the run directory's metrics file; `resumedStep` is 0 for a new run. Nothing is written once `lock` is lost.
    init(
        _ options: RunOptions, plan: TrainingPlan, progress: ProgressLine, resumedStep: Int, lock: RunLock?
    ) throws {
        self.options = options
        self.lock = lock
        self.plan = plan
        self.progress = progress
        writer = CheckpointWriter(
            directory: CheckpointDirectory(path: options.output), keep: options.keep, pauses: options.checkpointPauses)
        let path = options.output + "/metrics.jsonl"
        metrics =
            options.resume
            ? try MetricsWriter(resuming: path, afterStep: resumedStep) : try MetricsWriter(creating: path)
    }

    /// Says something to the person in front.
    func note(_ sentence: String) { progress.note(sentence) }

    /// An epoch begins, or goes on after a resume.
    func beginEpoch(_ position: RunPosition) {
        epochStart = MonotonicClock.seconds
        epochAccount = StepAccount()
        epochSteps = 0
        epochImages = 0
        progress.beginEpoch(
            position.epoch + 1, of: plan.epochs, stepCount: position.stepsPerEpoch, firstStep: position.stepInEpoch,
            at: epochStart)
    }

    /// Records a finished step and decides what follows. `position` is already that of the next step.
    func afterStep(_ outcome: StepOutcome, _ account: StepAccount, _ position: RunPosition, lastStep: Int) throws
        -> Decision
    {
        try lock?.requireHeld()
        writeUnproven()
        let now = MonotonicClock.seconds
        epochAccount.add(account)
        epochSteps += 1
        epochImages += outcome.images
        record(
            .step(
                StepMetrics(
                    step: position.step, epoch: (position.step - 1) / position.stepsPerEpoch + 1, outcome, account)))
        let finishedEpoch = position.stepInEpoch == 0
        progress.update(
            StepProgress(
                step: finishedEpoch ? position.stepsPerEpoch : position.stepInEpoch,
                loss: position.epochTotals.meanLoss, accuracy: position.epochTotals.accuracy,
                imagesPerSecond: Double(epochImages) / max(now - epochStart, 1e-9)), at: now)
        for problem in writer.takeProblems() { progress.note("Warning: training goes on, but \(problem)") }
        var decision = decide(position, finishedEpoch: finishedEpoch, lastStep: lastStep, now)
        if outcome.mustStop, !decision.contains(.stop) { decision.formUnion([.checkpoint, .stop, .interrupt]) }
        return decision
    }

    private func decide(_ position: RunPosition, finishedEpoch: Bool, lastStep: Int, _ now: Double) -> Decision {
        var decision: Decision = []
        if finishedEpoch { decision.formUnion([.evaluate, .checkpoint]) }
        if position.step >= lastStep { decision.formUnion([.evaluate, .checkpoint, .stop]) }
        if let interval = options.checkpointEvery, interval.isDue(step: position.step, elapsed: now - lastSave) {
            decision.insert(.checkpoint)
        }
        if decision.contains(.evaluate) { progress.showActivity("evaluating") }
        return decision
    }

    /// Records an evaluation at the end of an epoch or of the run.
    func afterEvaluation(
        _ outcome: EvaluationOutcome, _ memory: LargestMemory, _ position: RunPosition, learningRate: Float
    ) throws {
        try lock?.requireHeld()
        let seconds = MonotonicClock.seconds - epochStart
        let epoch = EpochMetrics(
            step: position.step, epoch: (position.step - 1) / position.stepsPerEpoch + 1,
            loss: position.epochTotals.meanLoss, accuracy: position.epochTotals.accuracy, validationLoss: outcome.loss,
            validationAccuracy: outcome.accuracy, learningRate: Double(learningRate),
            imagesPerSecond: Double(epochImages) / max(epochAccount.total, 1e-9), seconds: seconds,
            steps: epochSteps, account: epochAccount, privateMemoryBytes: memory.privateBytes)
        record(.epoch(epoch))
        progress.endEpoch(epoch)
        guard outcome.loss.isFinite else {
            throw failure(Divergence(cause: "The validation loss after step \(position.step) is not a finite number"))
        }
    }

    /// Adds a line to the metrics. One that cannot be written does not end the run, as a checkpoint does not: it is tried
    /// again with the next one, and told once as long as none gets through.
    private func record(_ record: MetricsRecord) {
        do throws(ReportError) {
            try metrics.append(record)
            metricsProblem = nil
        } catch {
            if metricsProblem == nil {
                progress.note("Warning: training goes on and keeps its metrics in memory, but \(error)")
            }
            metricsProblem = error
        }
    }

    /// Has a checkpoint written while training goes on, after the next step: finite weights may be too large to give a
    /// loss, and would take the place of good ones. A failure is told after a later step.
    ///
    /// - Throws: `RunFailure` with `ExitCode.diverged` when no run could go on from the state, which is then not written.
    func save(_ checkpoint: RunCheckpoint) throws {
        try lock?.requireHeld()
        if let flaw = checkpoint.content.flaw {
            throw failure(Divergence(cause: "After step \(checkpoint.position.step) \(flaw)"))
        }
        unproven = checkpoint
        lastSave = MonotonicClock.seconds
    }

    private func writeUnproven() {
        guard let checkpoint = unproven else { return }
        unproven = nil
        let start = MonotonicClock.seconds
        writer.add(checkpoint.content)
        if let pause = checkpointPauses.popLast() { noteCheckpointPause(pause + MonotonicClock.seconds - start) }
    }

    /// The failure of a run whose training has diverged, with the checkpoint that one can go back to.
    func failure(_ divergence: Divergence) -> RunFailure {
        unproven = nil
        // What is on its way to disk may be the one.
        try? writer.finish()
        let good = try? CheckpointDirectory(path: options.output).newestValid().location
        return divergence.failure(in: options.output, goodStep: good?.step)
    }

    /// Training stood still for so many seconds while a checkpoint was handed over.
    func noteCheckpointPause(_ seconds: Double) { checkpointPauses.append(seconds) }

    /// Says what the checkpoints of the run cost its training.
    func noteCheckpointPauses() {
        guard !checkpointPauses.isEmpty else { return }
        let sum = checkpointPauses.reduce(0, +)
        let mean = NumberFormat.rate(1000 * sum / Double(checkpointPauses.count))
        let share = NumberFormat.percentage(sum / (MonotonicClock.seconds - runStart))
        let counted = NumberFormat.counted(checkpointPauses.count, "checkpoint")
        progress.note("Training paused for \(mean) ms on average to hand over \(counted), \(share) of the run.")
    }

    /// The path of the checkpoint after a step.
    func checkpointPath(step: Int) -> String { options.output + "/" + CheckpointDirectory.fileName(step: step) }

    /// Waits until the last checkpoint is on disk.
    ///
    /// - Throws: `CheckpointError` when it cannot be written.
    func finishSaving() throws {
        writeUnproven()
        try writer.finish()
    }

    /// Brings the metrics to disk that could not be written before.
    ///
    /// - Throws: `RunFailure` when they still cannot; the checkpoints are then all written.
    func finishMetrics() throws {
        do throws(ReportError) {
            try metrics.finish()
        } catch {
            throw RunFailure(.output, "\(error) The checkpoint of the last step is written.")
        }
    }

    /// Takes the live line away, and lets a checkpoint and metrics that are on their way reach the disk, if the run is
    /// still ours.
    func end() {
        progress.clear()
        guard lock?.isLost != true else { return }
        try? finishSaving()
        try? metrics.finish()
    }
}
