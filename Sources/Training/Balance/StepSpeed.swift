import Collectives
import Datasets
import Granules
import Reports

/// Measures how many images a second each rank trains on by itself, while all others do the same: they share caches,
/// memory and often cores.
///
/// Each rank takes steps of a network of its own, on random images, as many as its even share of a batch, and without
/// exchanging anything. Random draws are counted, not consumed, so training finds everything as it was.
struct StepSpeed {
    /// Shorter would be within the time slices of another program on the core.
    private static let leastSeconds = 0.25
    /// The steps of the slowest rank that are measured; faster ones go on meanwhile.
    private static let steps = 4.0
    /// Too small to change a weight: the steps cannot diverge.
    private static let learningRate = 1e-12

    private let plan: TrainingPlan
    private let threads: Int
    private let communicator: any Communicator

    /// A measurement of `plan`, which was validated for these ranks and threads.
    init(_ plan: TrainingPlan, threads: Int, over communicator: any Communicator) {
        let rank = communicator.rank
        let cut = GranulePlan(
            sampleCount: plan.microBatches.largest, shares: plan.evenShares(ranks: communicator.size))
        var own = plan
        own.globalBatch = max(1, cut.samples(ofRank: rank).count)
        own.accumulation = nil
        own.granules = cut.granules(ofRank: rank).count
        own.learningRate = Self.learningRate
        own.baseBatch = nil
        self.plan = own
        self.threads = threads
        self.communicator = communicator
    }

    /// The images per second of each rank, the same numbers on every rank; every rank calls it. It takes about as long as
    /// six steps of the slowest.
    func measure() throws -> [Double] {
        communicator.activity.note("measuring its speed")
        let alone = SoloCommunicator()
        let (trainer, batch) = try RankAgreement(communicator).together {
            let batch = try Batch.random(plan, communicator: alone)
            let trainer = try Trainer(plan, communicator: alone, threads: threads, stepsPerEpoch: 1)
            // The first step makes the buffers.
            _ = try trainer.step(batch, at: 0)
            return (trainer, batch)
        }
        let expected = try communicator.allGather(value: secondsPerStep(trainer, batch, forSeconds: 0)).max()!
        let seconds = max(Self.leastSeconds, Self.steps * expected)
        let own = try Double(plan.globalBatch) / secondsPerStep(trainer, batch, forSeconds: seconds)
        return try communicator.allGather(value: own)
    }

    /// The mean over whole steps, one or as many as begin within `seconds`; ranks begin together.
    private func secondsPerStep(_ trainer: Trainer, _ batch: Batch, forSeconds seconds: Double) throws -> Double {
        try communicator.barrier()
        let start = MonotonicClock.seconds
        var (count, elapsed) = (0.0, 0.0)
        repeat {
            _ = try trainer.step(batch, at: 0)
            count += 1
            elapsed = MonotonicClock.seconds - start
        } while elapsed < seconds
        return max(elapsed, 1e-9) / count
    }
}
