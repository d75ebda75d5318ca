import Checkpoints
import Collectives
import Datasets
import Failures
import Foundation
import Reports
import Tensors

/// A whole run on one rank: set up together by `start`, step in lockstep, evaluate and save as the driver decides.
public final class TrainingRun {
    private let communicator: any Communicator
    private let agreement: RankAgreement
    private let options: RunOptions
    private let plan: TrainingPlan
    private let data: RunData
    private let trainer: Trainer
    private let loader: PrefetchingLoader
    private let evaluation: Evaluation
    private let driver: Driver?
    private let stopSignal: () -> String?
    private var position: RunPosition
    private let audit: ReplicaAudit
    private var lastAudit: Int
    private let faults: FaultInjection

    /// Sets the run up; every rank calls it, and all with the same plan and data.
    ///
    /// - Parameters:
    ///   - plan: a plan that fits the data; when going on, the stored plan with the person's changes.
    ///   - job: the start of the job with this plan.
    ///   - earlier: the run to go on with; nil for a new one.
    ///   - lock: what keeps other writers out of the run directory; on rank 0 only.
    ///   - progress: how rank 0 shows what happens.
    ///   - stopSignal: the name of the signal that asked this rank to stop, nil while none has.
    /// - Throws: `RunFailure`, the same on every rank.
    package init(
        _ plan: TrainingPlan, data: RunData, job: JobStart, options: RunOptions, communicator: any Communicator,
        earlier: EarlierRun? = nil, lock: RunLock?, progress: ProgressLine = .silent,
        stopSignal: @escaping () -> String? = { nil }
    ) throws {
        self.communicator = communicator
        self.options = options
        self.plan = plan
        self.data = data
        self.stopSignal = stopSignal
        agreement = RankAgreement(communicator)
        let shards = data.shardPlan(plan, job.shares)
        let trainer = try Trainer(
            plan, communicator: communicator, threads: job.threads, shares: job.shares,
            stepsPerEpoch: shards.stepsPerEpoch, choosesBatch: true)
        self.trainer = trainer
        let position = earlier?.position ?? RunPosition(stepsPerEpoch: shards.stepsPerEpoch)
        self.position = position
        try Self.restore(trainer, earlier, options, agreement)
        audit = ReplicaAudit(trainer, over: communicator)
        lastAudit = position.step
        faults = try FaultInjection(options.faults, directory: options.output, communicator: communicator)
        // One checkpoint may be on its way to disk, and one wait for its proof, when the next is taken.
        let snapshots = communicator.rank == 0 ? 3 * trainer.snapshotBytes : 0
        (loader, evaluation) = try trainer.makeRoom(for: snapshots) {
            let evaluation = try Evaluation(
                trainer.network, trainer.exchange, on: data.test, normalization: data.normalization,
                shares: job.shares, maximumImages: shards.capacity(ofRank: communicator.rank))
            let loader = try data.loader(plan, shards, rank: communicator.rank, from: position)
            return (loader, evaluation)
        }
        var driver: Driver?
        try agreement.fromDriver {
            driver = try Driver(options, plan: plan, progress: progress, resumedStep: position.step, lock: lock)
        }
        self.driver = driver
        if let sentence = job.sentence { driver?.note(sentence) }
    }

    /// Rank 0 reads a checkpoint or initial weights, and the others get them from it: files need not be on every host.
    private static func restore(
        _ trainer: Trainer, _ earlier: EarlierRun?, _ options: RunOptions, _ agreement: RankAgreement
    ) throws {
        guard earlier != nil || options.initialWeights != nil else { return }
        try agreement.fromDriver {
            if let checkpoint = earlier?.checkpoint {
                try checkpoint.restore(into: trainer)
            } else if let path = options.initialWeights {
                try RunCheckpoint.restoreWeights(Checkpoint(path: path).unwrapped, into: trainer.network)
            }
        }
        try trainer.copyFromDriver()
    }

    /// The options that each set an end to the run, and the step that it comes after.
    private var limits: [(option: String, step: Int)] {
        let planned = (option: "--epochs", step: plan.epochs * position.stepsPerEpoch)
        return options.maxSteps.map { [planned, (option: "--max-steps", step: $0)] } ?? [planned]
    }

    /// The steps of the whole run.
    private var lastStep: Int { limits.map(\.step).min()! }

    /// The options that do not let the run go on.
    private var reachedLimits: String {
        limits.filter { $0.step <= position.step }.map(\.option).joined(separator: " and ")
    }

    /// Trains to the end; every rank calls it.
    ///
    /// - Throws: `RunFailure` or `CommunicationError`; `RunFailure` with `ExitCode.interrupted` when a signal asked to stop
    ///   and the checkpoint of the last finished step is on disk.
    package func run() throws {
        defer {
            loader.stop()
            driver?.end()
        }
        guard position.step < lastStep else {
            driver?.note(
                "Nothing to do: the run already stands at step \(position.step) of \(lastStep). Raise \(reachedLimits) to train "
                    + "on.")
            return
        }
        driver?.beginEpoch(position)
        while true {
            let decision = try stepOrTellDivergence()
            if options.auditEvery > 0, position.step % options.auditEvery == 0 || decision.contains(.checkpoint) {
                communicator.activity.note("comparing the replicas")
                try audit.requireSame(step: position.step, lastGood: lastAudit)
                lastAudit = position.step
            }
            let memory = decision.contains(.evaluate) ? try evaluate() : nil
            if position.stepInEpoch == 0 { position.epochTotals = EpochTotals() }
            if decision.contains(.checkpoint) { try save() }
            if decision.contains(.stop) {
                communicator.activity.note("finishing the last checkpoint")
                try agreement.fromDriver {
                    try driver!.finishSaving()
                    try driver!.finishMetrics()
                }
                if decision.contains(.interrupt) { throw interruption() }
                driver?.noteCheckpointPauses()
                if let sentence = memory?.sentence { driver?.note(sentence) }
                return
            }
            if position.stepInEpoch == 0 { driver?.beginEpoch(position) }
        }
    }

    /// One step; where training diverges in it, the driver says what is left to go on from.
    private func stepOrTellDivergence() throws -> Decision {
        do {
            return try step()
        } catch let divergence as Divergence {
            try agreement.fromDriver { () -> Void in throw driver!.failure(divergence) }
            throw divergence
        }
    }

    /// One step, and what the driver decides to do after it.
    private func step() throws -> Decision {
        var timer = StepTimer()
        timer.enter(.dataWait, at: MonotonicClock.seconds)
        let batch = loader.next()
        timer.enter(.compute, at: MonotonicClock.seconds)
        try faults.strike(trainer, step: position.step + 1)
        let outcome = try trainer.step(batch, at: position.step, isStopping: stopSignal() != nil) {
            timer.enter(.dataWait, at: MonotonicClock.seconds)
            defer { timer.enter(.compute, at: MonotonicClock.seconds) }
            return loader.next()
        }
        timer.leave(at: MonotonicClock.seconds)
        var account = timer.account
        account.separate(trainer.waits)
        position.step += 1
        position.epochTotals.add(loss: outcome.loss, right: outcome.right, images: outcome.images)
        communicator.activity.note("recording the step")
        return try agreement.fromDriver {
            try driver!.afterStep(outcome, account, position, lastStep: lastStep)
        }
    }

    /// Evaluates the network and lets the driver record it, together with the memory in use by now, which it returns.
    private func evaluate() throws -> LargestMemory {
        communicator.activity.note("evaluating")
        let outcome = try evaluation.run()
        let memory = try LargestMemory(over: communicator)
        try agreement.fromDriver {
            try driver!.afterEvaluation(
                outcome, memory, position, learningRate: trainer.learningRate(at: position.step - 1))
        }
        return memory
    }

    private func save() throws {
        communicator.activity.note("handing a checkpoint over")
        let start = MonotonicClock.seconds
        try agreement.fromDriver {
            try driver!.save(
                RunCheckpoint(
                    trainer, position: position, normalization: data.normalization, dataFingerprint: data.fingerprint,
                    program: options.program))
        }
        driver?.noteCheckpointPause(MonotonicClock.seconds - start)
        try faults.corrupt(step: position.step) {
            try driver!.finishSaving()
            return driver!.checkpointPath(step: position.step)
        }
    }

    /// Every rank ends with the same failure, though the signal may have come to one of them only.
    private func interruption() -> RunFailure {
        let cause = stopSignal() ?? "A signal to another rank"
        return RunFailure(
            .interrupted,
            "\(cause) stopped the run after step \(position.step) of \(lastStep), whose checkpoint is written. Go on with "
                + "--resume --output \(options.output).", isShared: true)
    }
}
