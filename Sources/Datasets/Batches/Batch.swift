import Granules
import Tensors

/// One rank's part of a global batch, or of one of the micro-batches it is cut into.
public struct Batch: Sendable {
    /// The normalised, distorted images, `[n, height, width, channels]`.
    public let images: Tensor
    /// Their classes.
    public let labels: [UInt8]
    /// Their places in the training set.
    public let sampleIndices: [Int]
    /// The epoch, from 0.
    public let epoch: Int
    /// The step within the epoch, from 0.
    public let step: Int
    /// How the micro-batch is cut; without accumulation it is the global batch.
    public let plan: GranulePlan
    /// The rank that holds this part.
    public let rank: Int
    /// The micro-batch of the step, from 0.
    public let microBatch: Int
    /// The micro-batches of the step.
    public let microBatchCount: Int
    /// The images of the step over all ranks and micro-batches.
    public let stepImages: Int
    /// Why some images are not those of the set, so that no weight may change by them; nil if all are.
    public let damage: DatasetError?

    /// A batch of those parts; a whole step's unless said otherwise.
    public init(
        images: Tensor, labels: [UInt8], sampleIndices: [Int], epoch: Int, step: Int, plan: GranulePlan, rank: Int,
        microBatch: Int = 0, microBatchCount: Int = 1, stepImages: Int? = nil, damage: DatasetError? = nil
    ) {
        self.images = images
        self.labels = labels
        self.sampleIndices = sampleIndices
        self.epoch = epoch
        self.step = step
        self.plan = plan
        self.rank = rank
        self.microBatch = microBatch
        self.microBatchCount = microBatchCount
        self.stepImages = stepImages ?? plan.sampleCount
        self.damage = damage
    }
}
