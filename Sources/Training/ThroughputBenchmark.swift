import Collectives
import Datasets
import Reports
import Tensors

/// Times whole training steps on one fixed batch of random images: no reading, no augmentation, no evaluation.
public struct ThroughputBenchmark {
    private let plan: TrainingPlan
    private let communicator: any Communicator
    private let warmupSteps: Int
    private let steps: Int

    /// A benchmark of `steps` counted steps after `warmupSteps` others.
    public init(_ plan: TrainingPlan, communicator: any Communicator, warmupSteps: Int, steps: Int) {
        self.plan = plan
        self.communicator = communicator
        self.warmupSteps = warmupSteps
        self.steps = steps
    }

    /// Runs it; every rank calls it. Returns where the time of each counted step went on this rank.
    public func run() throws -> [StepAccount] {
        let trainer = try Trainer(plan, communicator: communicator, stepsPerEpoch: warmupSteps + steps)
        let batch = batch()
        var accounts: [StepAccount] = []
        for step in 0..<warmupSteps + steps {
            var timer = StepTimer()
            timer.enter(.compute, at: MonotonicClock.seconds)
            _ = try trainer.step(batch, at: step)
            timer.leave(at: MonotonicClock.seconds)
            var account = timer.account
            account.separate(trainer.waits)
            if step >= warmupSteps { accounts.append(account) }
        }
        return accounts
    }

    /// This rank's part of a global batch of normal draws.
    private func batch() -> Batch {
        let shares = GranulePlan(
            sampleCount: plan.globalBatch, granuleCount: plan.granules, rankCount: communicator.size)
        let samples = shares.samples(ofRank: communicator.rank)
        let side = plan.architecture.imageSide
        let images = Tensor([samples.count, side, side, plan.architecture.imageChannels])
        let size = side * side * plan.architecture.imageChannels
        for (row, sample) in samples.enumerated() {
            var stream = RandomStream(seed: plan.seed, purpose: .synthetic, sample: sample)
            for element in 0..<size { images.pointer[row * size + element] = stream.normal() }
        }
        return Batch(
            images: images, labels: samples.map { UInt8($0 % plan.architecture.classes) },
            sampleIndices: Array(samples), epoch: 0, step: 0, plan: shares, rank: communicator.rank)
    }
}
