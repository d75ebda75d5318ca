import Collectives
import Datasets
import Failures
import GradientExchange
import Granules
import Layers
import Optimizers
import Reports
import Tensors

/// One rank's replica in training: takes a batch, leaves the weights one step further, the same on every rank.
public final class Trainer {
    /// The plan.
    public let plan: TrainingPlan
    /// The replica.
    public let network: Network
    /// The optimiser and its state.
    public let optimizer: Optimizer
    /// The sums over ranks.
    package let exchange: GradientExchange
    /// Who watches the parts of a step besides the report of stalls.
    package var observer: (any StepObserver)? {
        get { watch.observer }
        set { watch.observer = newValue }
    }
    /// What communication cost this rank in the last step.
    public private(set) var waits = StepWaits.none
    private let communicator: any Communicator
    private let criterion: Criterion
    private let statistics: ExchangedStatistics
    private let watch: StepWatch
    private let stepsPerEpoch: Int
    // None where a step is one batch.
    private let accumulation: GradientAccumulation?
    private let advice: ResourceAdvice

    /// Builds the replica with the plan's initial weights; every rank calls it.
    ///
    /// - Parameters:
    ///   - threads: the workers of this rank; ranks times threads are at most the plan's granules.
    ///   - shares: the granules of each rank, the same on all; even unless given. Batches are cut by the same.
    ///   - stepsPerEpoch: the steps of one epoch, by which the schedule counts.
    ///   - choosesBatch: whether a person who is refused memory can be advised to choose another batch.
    /// - Throws: `RunFailure`, the same on every rank, when the plan cannot be built or the system refuses a rank the memory
    ///   or the threads; `CommunicationError`.
    public init(
        _ plan: TrainingPlan, communicator: any Communicator, threads: Int = 1, shares: GranuleShares? = nil,
        stepsPerEpoch: Int, choosesBatch: Bool = false
    ) throws {
        self.plan = plan
        self.communicator = communicator
        self.stepsPerEpoch = stepsPerEpoch
        let cut = GranulePlan(
            sampleCount: plan.microBatches.largest, shares: shares ?? plan.evenShares(ranks: communicator.size))
        let maximumImages = cut.capacity(ofRank: communicator.rank)
        let advice = ResourceAdvice(threads: threads, ranks: communicator.size, choosesBatch: choosesBatch)
        self.advice = advice
        (network, optimizer, accumulation, criterion) = try Self.together(communicator, advice) {
            let network = try Network(
                plan.architecture, maximumImages: maximumImages, granuleCount: plan.granules,
                subtreeCount: cut.subtrees(ofRank: communicator.rank).count, workers: threads,
                convolution: plan.convolution, normalization: plan.normalization,
                compression: plan.gradientCompression ?? .single)
            network.initialize(seed: plan.seed)
            let optimizer = try Optimizer(plan.optimizer, for: network.parameters)
            let accumulation = try plan.accumulation.map { _ in try GradientAccumulation(network.parameters.gradients) }
            let criterion = try Criterion(classes: plan.architecture.classes, maximumImages: maximumImages)
            try SystemMemory.require(Self.exchangeBytes(network, ranks: communicator.size) + SystemMemory.reserve)
            return (network, optimizer, accumulation, criterion)
        }
        exchange = try GradientExchange(
            communicator: communicator, parameters: network.parameters, bucketByteCount: plan.bucketBytes,
            reduction: plan.reduction, compression: plan.gradientCompression ?? .single,
            clock: { MonotonicClock.seconds })
        watch = StepWatch(communicator.activity)
        statistics = ExchangedStatistics(exchange, watch)
    }

    /// The most that the exchange allocates at the first step: for each subtree what is sent, and about as much received;
    /// and what is gathered, where it travels compressed.
    private static func exchangeBytes(_ network: Network, ranks: Int) -> Int {
        let block = network.parameters.table.blockCount * MemoryLayout<Float>.stride
        return ranks == 1 ? 0 : (2 * network.parameters.gradientPartials.count + 1) * block
    }

    /// Runs work on all ranks that may be refused memory or threads.
    ///
    /// - Throws: `RunFailure`, the same on every rank.
    private static func together<Result>(
        _ communicator: any Communicator, _ advice: ResourceAdvice, _ work: () throws -> Result
    ) throws -> Result {
        try RankAgreement(communicator).together { try advice.adding(work) }
    }

    /// Runs work on all ranks that makes a run's other parts, while what the exchange will allocate and `bytes` more must
    /// remain.
    ///
    /// - Throws: `RunFailure`, the same on every rank.
    func makeRoom<Result>(for bytes: Int, beside work: () throws -> Result) throws -> Result {
        try Self.together(communicator, advice) {
            let result = try work()
            let exchange = Self.exchangeBytes(network, ranks: communicator.size)
            try SystemMemory.require(exchange + bytes + SystemMemory.reserve)
            return result
        }
    }

    /// The bytes of a checkpoint's copy of the weights and the optimiser's state.
    var snapshotBytes: Int {
        (1 + optimizer.slots.count) * network.parameters.table.blockCount * MemoryLayout<Float>.stride
    }

    /// The learning rate of a step, counted from 0.
    public func learningRate(at step: Int) -> Float {
        plan.learningRate(at: step, stepsPerEpoch: stepsPerEpoch)
    }

    /// One step of the whole job: every rank calls it with its part of the same global batch.
    ///
    /// With accumulation a step is several micro-batches, computed one after the other; batch normalisation knows each
    /// by itself, and moves the running statistics once for each. The gradient is their sum: that of the mean loss over
    /// the global batch.
    ///
    /// - Parameters:
    ///   - batch: the global batch, or the first micro-batch of the step.
    ///   - step: the global step, from 0.
    ///   - isStopping: whether this rank was asked to stop; the outcome tells every rank whether any was.
    ///   - following: gives the next micro-batch of the step, after which the one before is not used any more.
    /// - Throws: `Divergence` (the same on every rank) when the loss is not finite, `RunFailure` when a rank's images were
    ///   lost, both before any weight has changed; `CommunicationError` when the ranks cannot reach each other.
    public func step(
        _ batch: Batch, at step: Int, isStopping: Bool = false,
        following: () -> Batch = { preconditionFailure("a step of several micro-batches is given all of them") }
    ) throws -> StepOutcome {
        communicator.activity.step = step + 1
        var damage = batch.damage
        var sums = try computeGradients(batch, at: step, isStopping: isStopping)
        for _ in 1..<max(1, batch.microBatchCount) {
            accumulation?.add(network.pool)
            let next = following()
            damage = damage ?? next.damage
            let more = try computeGradients(next, at: step, isStopping: isStopping)
            for index in sums.indices { sums[index] += more[index] }
        }
        try requireImages(damage, sums[Criterion.partialWidth])
        watch.enters(.update)
        accumulation?.finish(network.pool)
        let sharedWaits = try exchange.startSharingWaits()
        let rate = learningRate(at: step)
        optimizer.step(learningRate: rate, pool: network.pool)
        watch.enters(.exchange)
        waits = try sharedWaits.finish()
        return StepOutcome(
            loss: sums[0], right: Int(sums[1]), images: batch.stepImages, learningRate: rate,
            mustStop: sums[Criterion.partialWidth] > 0)
    }

    /// Leaves the gradient of one batch, summed over all ranks, and returns the sums of its loss, its right answers and
    /// the ranks that were asked to stop.
    private func computeGradients(_ batch: Batch, at step: Int, isStopping: Bool) throws -> [Double] {
        watch.enters(.exchange)
        try exchange.begin(plan: batch.plan, isContinued: batch.microBatch > 0)
        let context = TrainingContext(
            network, plan: batch.plan, rank: communicator.rank, seed: plan.seed, epoch: batch.epoch,
            sampleIndices: batch.sampleIndices, lossImages: batch.stepImages, statistics: statistics,
            progress: { [exchange] in try exchange.progress() }, observer: watch)
        let logits = try network.forward(batch.images, context)
        watch.enters(.loss)
        let loss = criterion.evaluate(logits, labels: batch.labels, context)
        // Nobody needs to know before the weights change, so that backward hides this sum.
        let note = (isStopping ? 1 : 0) + (batch.damage == nil ? 0 : Self.damageNote)
        let startedSums = try startSum(loss.partials, note: note)
        try network.backward(from: loss.gradient, context) { ready in
            watch.enters(.exchange)
            try exchange.start(ready)
        }
        watch.enters(.exchange)
        try exchange.finish()
        let sums = try startedSums.finish()
        try requireFinite(sums[0], step)
        return sums
    }

    /// Gives every rank rank 0's weights, running statistics and optimiser state, after rank 0 has restored them.
    public func copyFromDriver() throws {
        try communicator.copyFromDriver(
            [network.parameters.values, network.statistics] + optimizer.slots.map(\.block))
        let count = try communicator.broadcast(Array("\(optimizer.stepCount)".utf8), from: 0)
        optimizer.stepCount = Int(String(decoding: count, as: UTF8.self)) ?? 0
    }

    /// What a rank whose images were lost adds to the number of ranks that were asked to stop: more than all ranks.
    private static let damageNote = Double(1 << 20)

    /// Starts summing the criterion's values over all ranks, and as one more value a note of this rank: a signal may reach
    /// one rank alone, as may the loss of images, and a message of its own would cost every step.
    private func startSum(_ partials: [Double], note: Double) throws -> StartedSum {
        let width = Criterion.partialWidth
        let rows = stride(from: 0, to: partials.count, by: width).flatMap { start in
            partials[start..<start + width] + [start == 0 ? note : 0]
        }
        return try exchange.startSum(rows, width: width + 1)
    }

    /// Throws on all ranks when the summed notes say that any has lost images.
    private func requireImages(_ damage: DatasetError?, _ notes: Double) throws {
        guard notes >= Self.damageNote else { return }
        try RankAgreement(communicator).together { if let damage { throw damage } }
    }

    private func requireFinite(_ loss: Double, _ step: Int) throws(Divergence) {
        guard !loss.isFinite else { return }
        throw Divergence(cause: "The loss of step \(step + 1) is not a finite number")
    }
}
