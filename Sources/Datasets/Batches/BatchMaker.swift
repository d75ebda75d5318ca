import Tensors

/// Makes one rank's batches: picks its samples, normalises and distorts them. Used by one thread.
final class BatchMaker: @unchecked Sendable {
    private let images: any LabelledImages
    private let normalization: Normalization
    private let augmentation: Augmentation
    private let shards: ShardPlan
    private let rank: Int
    private let seed: UInt64
    private let buffers: [Tensor]
    private var orderEpoch = -1
    private var order: [Int] = []

    init(
        _ images: any LabelledImages, normalization: Normalization, augmentation: Augmentation, shards: ShardPlan,
        rank: Int, seed: UInt64, bufferCount: Int
    ) throws(ResourceError) {
        self.images = images
        self.normalization = normalization
        self.augmentation = augmentation
        self.shards = shards
        self.rank = rank
        self.seed = seed
        let share = max(1, shards.capacity(ofRank: rank))
        buffers = try (0..<bufferCount).map { _ throws(ResourceError) in
            try Tensor(allocating: share, of: images.shape)
        }
    }

    /// The rank's part of one micro-batch of a global step, in one of the buffers.
    func make(_ globalStep: Int, microBatch: Int, buffer: Int) -> Batch {
        let (epoch, step) = globalStep.quotientAndRemainder(dividingBy: shards.stepsPerEpoch)
        if epoch != orderEpoch {
            order = shards.order(epoch: epoch)
            orderEpoch = epoch
        }
        let plan = shards.granulePlan(ofStep: step, microBatch: microBatch)
        let microBatches = shards.microBatchPlaces(ofStep: step)
        let offset = microBatches[microBatch].lowerBound
        let samples = plan.samples(ofRank: rank).map { order[offset + $0] }
        fill(buffers[buffer], samples, epoch: epoch)
        let labels = samples.map { images.label(at: $0) }
        precondition(labels.allSatisfy { $0 < images.classes }, "a label is none of the \(images.classes) classes")
        return Batch(
            images: buffers[buffer].first(samples.count), labels: labels,
            sampleIndices: samples, epoch: epoch, step: step, plan: plan, rank: rank, microBatch: microBatch,
            microBatchCount: microBatches.count, stepImages: shards.places(ofStep: step).count, damage: damage)
    }

    /// What the set has lost until now.
    private var damage: DatasetError? {
        do throws(DatasetError) {
            try images.requireIntact()
            return nil
        } catch {
            return error
        }
    }

    private func fill(_ buffer: Tensor, _ samples: [Int], epoch: Int) {
        let shape = images.shape
        let size = shape.count
        withUnsafeTemporaryAllocation(of: Float.self, capacity: size) { plain in
            for (row, sample) in samples.enumerated() {
                let target = buffer.pointer + row * size
                guard augmentation != .none else {
                    normalization.apply(images.pixels(at: sample), into: target)
                    continue
                }
                normalization.apply(images.pixels(at: sample), into: plain.baseAddress!)
                var stream = RandomStream(seed: seed, purpose: .augmentation, epoch: epoch, sample: sample)
                augmentation.apply(plain.baseAddress!, shape, into: target, stream: &stream)
            }
        }
    }
}
