import Collectives
import Datasets
import Granules
import Reports
import Training

/// Times whole training steps on one fixed batch of random images: no reading, no augmentation, no evaluation.
public struct ThroughputBenchmark {
    private let plan: TrainingPlan
    private let communicator: any Communicator
    private let threads: Int
    private let shares: GranuleShares?
    private let warmupSteps: Int
    private let steps: Int

    /// A benchmark of `steps` counted steps after `warmupSteps` others. `shares` are the granules of each rank, even unless
    /// given.
    public init(
        _ plan: TrainingPlan, communicator: any Communicator, threads: Int = 1, shares: GranuleShares? = nil,
        warmupSteps: Int, steps: Int
    ) {
        self.plan = plan
        self.communicator = communicator
        self.threads = threads
        self.shares = shares
        self.warmupSteps = warmupSteps
        self.steps = steps
    }

    /// Runs it; every rank calls it. Returns where the time of each counted step went on this rank.
    ///
    /// - Parameters:
    ///   - record: called between steps, behind each counted one, with what a training records of it; counted steps
    ///     are numbered from 1, all in one epoch.
    ///   - whileHeld: called after the last step, while the network and its buffers are still in memory.
    public func run(
        record: (StepMetrics) throws -> Void = { _ in }, whileHeld: () throws -> Void = {}
    ) throws -> [StepAccount] {
        let trainer = try Trainer(
            plan, communicator: communicator, threads: threads, shares: shares, stepsPerEpoch: warmupSteps + steps)
        let batch = try RankAgreement(communicator).together {
            try Batch.random(plan, communicator: communicator, shares: shares)
        }
        var accounts: [StepAccount] = []
        for step in 0..<warmupSteps + steps {
            var timer = StepTimer()
            timer.enter(.compute, at: MonotonicClock.seconds)
            let outcome = try trainer.step(batch, at: step)
            timer.leave(at: MonotonicClock.seconds)
            var account = timer.account
            account.separate(trainer.waits)
            guard step >= warmupSteps else { continue }
            accounts.append(account)
            try record(StepMetrics(step: accounts.count, epoch: 1, outcome, account))
        }
        try withExtendedLifetime(trainer) { try whileHeld() }
        return accounts
    }
}
