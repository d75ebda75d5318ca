import Layers

/// What a training takes of memory at least, in bytes.
public struct MemoryNeed: Sendable, Equatable {
    /// Of each rank.
    package let rankBytes: Int
    /// Of each host, besides: the files of the data set, which all its ranks share.
    package let hostBytes: Int

    /// So much of each rank and of each host.
    package init(rankBytes: Int, hostBytes: Int) {
        self.rankBytes = rankBytes
        self.hostBytes = hostBytes
    }

    /// What a plan needs on so many ranks: each layer's output for the images of a rank, and of each parameter the value,
    /// the gradient and the optimiser's two moments. What is left out depends on the algorithm of the convolutions.
    ///
    /// - Parameter images: the images of the data set.
    /// - Throws: `ArchitectureError` when the shapes are impossible.
    public init(_ plan: TrainingPlan, ranks: Int, images: Int) throws(ArchitectureError) {
        let network = try Network(plan.architecture, maximumImages: 1, convolution: plan.convolution)
        let outputs = network.layers.reduce(0) { $0 + $1.outputShape.count }
        let share = (plan.globalBatch + ranks - 1) / ranks
        let slots = plan.optimizer.kind == .sgd ? 0 : 2
        let parameters = network.parameters.table.elementCount
        let record = 1 + plan.architecture.imageSide * plan.architecture.imageSide * plan.architecture.imageChannels
        self.init(
            rankBytes: MemoryLayout<Float>.stride * (share * outputs + (2 + slots) * parameters),
            hostBytes: images * record)
    }
}
