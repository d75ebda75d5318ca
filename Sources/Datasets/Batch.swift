import Tensors

/// One rank's part of a global batch.
public struct Batch: Sendable {
    /// The normalised, distorted images, `[n, 32, 32, 3]`.
    public let images: Tensor
    /// Their classes.
    public let labels: [UInt8]
    /// Their places in the training set.
    public let sampleIndices: [Int]
    /// The epoch, from 0.
    public let epoch: Int
    /// The step within the epoch, from 0.
    public let step: Int
    /// How the global batch is cut.
    public let plan: GranulePlan
    /// The rank that holds this part.
    public let rank: Int

    /// A batch of those parts.
    public init(
        images: Tensor, labels: [UInt8], sampleIndices: [Int], epoch: Int, step: Int, plan: GranulePlan, rank: Int
    ) {
        self.images = images
        self.labels = labels
        self.sampleIndices = sampleIndices
        self.epoch = epoch
        self.step = step
        self.plan = plan
        self.rank = rank
    }
}
