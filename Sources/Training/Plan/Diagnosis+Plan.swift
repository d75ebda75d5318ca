import Collectives
import Failures
import Granules
import Hosts
import Layers
import Tensors

extension Diagnosis {
    /// Looks at the ranks of a job that is about to start, and at whether the system gives each of them the memory it needs
    /// at least; every rank calls it.
    ///
    /// - Parameters:
    ///   - plan: a plan that was validated for these ranks and threads.
    ///   - threads: the threads of this rank.
    ///   - images: the images of the data set, which the ranks of a host share.
    ///   - choosesBatch: whether a person who is refused memory can be advised to choose another batch.
    /// - Throws: `RunFailure`, the same on every rank, when a rank cannot be given its memory; as `init(threads:need:over:)`.
    init(
        of plan: TrainingPlan, _ balance: Balance, threads: Int, images: Int = 0, choosesBatch: Bool = false,
        over communicator: any Communicator
    ) throws {
        let shares = balance.expectedShares(plan, ranks: communicator.size, threads: threads)
        let advice = ResourceAdvice(threads: threads, ranks: communicator.size, choosesBatch: choosesBatch)
        let need = try RankAgreement(communicator).together {
            try advice.adding {
                let need = try MemoryNeed(plan, shares: shares, images: images)
                try SystemMemory.require(need.rankBytes[communicator.rank] + SystemMemory.reserve)
                return need
            }
        }
        try self.init(threads: threads, need: need, over: communicator)
    }
}

extension MemoryNeed {
    /// What a plan needs on so many ranks: each layer's output for the images that a rank holds at once, and of each
    /// parameter the value, the gradient, the sum of micro-batches and the optimiser's state. What is left out
    /// depends on the algorithm of the convolutions.
    ///
    /// - Parameters:
    ///   - shares: the granules of each rank.
    ///   - images: the images of the data set.
    /// - Throws: `ArchitectureError` or `OptimizerError` when the shapes or settings are impossible; `ResourceError` when not even its weights find room.
    public init(_ plan: TrainingPlan, shares: GranuleShares, images: Int) throws {
        let network = try Network(plan.architecture, maximumImages: 1, convolution: plan.convolution)
        let outputs = network.layers.reduce(0) { $0 + $1.outputShape.count }
        let cut = GranulePlan(sampleCount: plan.microBatches.largest, shares: shares)
        try plan.optimizer.validate()
        let blocks = 2 + plan.optimizer.rule.slotNames.count + (plan.accumulation == nil ? 0 : 1)
        let parameters = network.parameters.table.elementCount
        let record = 1 + plan.architecture.image.count
        self.init(
            rankBytes: (0..<shares.rankCount).map {
                MemoryLayout<Float>.stride * (cut.capacity(ofRank: $0) * outputs + blocks * parameters)
            },
            hostBytes: images * record)
    }
}
