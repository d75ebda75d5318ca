import Collectives
import Datasets
import Failures
import Layers
import Reports

extension TrainingRun {
    /// Starts a run, or goes on with the one in `options.output`, and trains to its end; every rank calls it.
    ///
    /// Rank 0 alone reads and writes the run directory; ranks that were given different plans or data are found before
    /// anything is written.
    ///
    /// - Parameters:
    ///   - options: what the run reads and writes.
    ///   - progress: how rank 0 shows what happens.
    ///   - warn: is told on rank 0 what a person should know of the hosts: a sentence for each cause, or none.
    ///   - stopSignal: the name of the signal that asked this rank to stop, nil while none has.
    ///   - choosePlan: gives the plan of a new run, or what is changed in the `stored` plan of the one to go on with.
    ///   - load: gives the images for a plan; the network of a new run follows them.
    /// - Throws: `RunFailure` or `CommunicationError`; `RunFailure` with `ExitCode.interrupted` when a signal asked to stop
    ///   and the checkpoint of the last finished step is on disk.
    public static func start(
        _ options: RunOptions, over communicator: any Communicator, progress: ProgressLine = .silent,
        warn: ([String]) -> Void = { _ in }, stopSignal: @escaping () -> String? = { nil },
        plan choosePlan: (_ stored: TrainingPlan?) throws -> TrainingPlan,
        data load: (TrainingPlan) throws -> RunData
    ) throws {
        let agreement = RankAgreement(communicator)
        let note = { (sentence: String) in
            var progress = progress
            progress.note(sentence)
        }
        var options = options
        // On rank 0, as long as it may write.
        var lock: RunLock?
        defer { lock?.release() }
        let earlier = try EarlierRun(over: communicator, blocks: options.blocks) {
            guard options.resume else { return nil }
            let (own, checkpoint) = try RunDirectory.openEarlier(
                options.output, blocks: options.blocks, communicator.hostName, note)
            lock = own
            note("Resuming from \(checkpoint.content.origin).")
            return checkpoint
        }
        let chosen = try agreement.together {
            var plan = try choosePlan(earlier?.plan)
            if let earlier {
                // Images and classes followed the data when the run was new.
                plan.architecture.take(earlier.plan.architecture.image, classes: earlier.plan.architecture.classes)
                try plan.requireContinuation(of: earlier.plan)
            }
            try plan.validate(ranks: communicator.size, threads: options.threads)
            return plan
        }
        let data = try agreement.together { try load(chosen) }
        try agreement.fromDriver { try earlier?.requireSame(data) }
        let plan = try agreement.together { try data.fit(chosen, hasTrained: earlier != nil) }
        try requireSameRun(agreement, plan, data, options)
        // Only now, so that a run that could not start leaves no directory.
        options.output = try agreement.fromDriver {
            guard !options.resume else { return options.output }
            let (path, own) = try RunDirectory.createLocked(options.output, communicator.hostName, note)
            lock = own
            return path
        }
        let job = try JobStart(
            plan, threads: options.threads, balance: options.balance, data: data, over: communicator
        ) { warnings in
            warn(warnings)
            for notice in notices(plan, data, options, earlier, ranks: communicator.size) { note(notice) }
        }
        let run = try TrainingRun(
            plan, data: data, job: job, options: options, communicator: communicator, earlier: earlier, lock: lock,
            progress: progress, stopSignal: stopSignal)
        communicator.watchStalls(after: options.stallTimeout)
        try run.run()
    }

    /// Ranks that differ in any of these would compute different things and hang or diverge later.
    private static func requireSameRun(
        _ agreement: RankAgreement, _ plan: TrainingPlan, _ data: RunData, _ options: RunOptions
    ) throws {
        try agreement.requireSame([
            ("build of lockstep", options.buildDigest, "install the same build on every host."),
            ("training plan", plan.json, "start every rank with the same options."),
            ("data set", data.fingerprint, "put the same data files on every host."),
            ("--inject", options.faults.map(\.text).joined(separator: "+"), "start every rank with the same options."),
            ("--audit-every", "\(options.auditEvery)", "start every rank with the same options."),
        ])
    }

    /// What a person should know before the first step.
    private static func notices(
        _ plan: TrainingPlan, _ data: RunData, _ options: RunOptions, _ earlier: EarlierRun?, ranks: Int
    ) -> [String] {
        let jump = earlier.flatMap { plan.learningRateNotice(over: $0.plan, at: $0.position) }
        let verb = earlier.map { "Going on from step \($0.position.step)" } ?? "Training"
        let accumulation = plan.accumulation.map { " in \($0) micro-batches" } ?? ""
        let threads = options.threads == 1 ? "" : " of \(options.threads) threads"
        let beginning =
            "\(verb): recipe \(plan.recipe), \(plan.epochs) epochs of \(NumberFormat.grouped(data.training.count)) images, "
            + "\(plan.globalBatch) a step\(accumulation) over \(NumberFormat.counted(ranks, "rank"))\(threads); "
            + "writing to \(options.output)."
        return data.notices + [jump, beginning].compactMap(\.self)
    }
}
