import Layers
import Tensors

/// What a training takes of memory at least, in bytes.
public struct MemoryNeed: Sendable, Equatable {
    /// Of each rank, in rank order.
    package let rankBytes: [Int]
    /// Of each host, besides: the files of the data set, which all its ranks share.
    package let hostBytes: Int

    /// So much of each rank and of each host.
    package init(rankBytes: [Int], hostBytes: Int) {
        self.rankBytes = rankBytes
        self.hostBytes = hostBytes
    }

    /// Of some ranks of one host, the data included.
    func bytes(of ranks: [RankFacts]) -> Int { ranks.reduce(hostBytes) { $0 + rankBytes[$1.rank] } }

    /// What a plan needs on so many ranks: each layer's output for the images that a rank holds at once, and of each
    /// parameter the value, the gradient, the sum of micro-batches and the optimiser's two moments. What is left out
    /// depends on the algorithm of the convolutions.
    ///
    /// - Parameters:
    ///   - shares: the granules of each rank.
    ///   - images: the images of the data set.
    /// - Throws: `ArchitectureError` when the shapes are impossible; `ResourceError` when not even its weights find room.
    public init(_ plan: TrainingPlan, shares: GranuleShares, images: Int) throws {
        let network = try Network(plan.architecture, maximumImages: 1, convolution: plan.convolution)
        let outputs = network.layers.reduce(0) { $0 + $1.outputShape.count }
        let cut = GranulePlan(sampleCount: plan.microBatches.largest, shares: shares)
        let blocks = 2 + (plan.optimizer.kind == .sgd ? 0 : 2) + (plan.accumulation == nil ? 0 : 1)
        let parameters = network.parameters.table.elementCount
        let record = 1 + plan.architecture.imageSide * plan.architecture.imageSide * plan.architecture.imageChannels
        self.init(
            rankBytes: (0..<shares.rankCount).map {
                MemoryLayout<Float>.stride * (cut.capacity(ofRank: $0) * outputs + blocks * parameters)
            },
            hostBytes: images * record)
    }
}
