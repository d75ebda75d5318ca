import Foundation
import Tensors

/// Prepares one rank's batches in the background: a thread fills a ring of buffers ahead of the training loop.
///
/// Batches come in the order of steps, from any step on and over any number of epochs. A batch is valid until the
/// following `next()`.
public final class PrefetchingLoader: @unchecked Sendable {
    /// Batches in the ring: the one in use, and those being prepared.
    private static let depth = 4

    private let images: any LabelledImages
    private let normalization: Normalization
    private let augmentation: Augmentation
    private let shards: ShardPlan
    private let rank: Int
    private let seed: UInt64
    private let buffers: [Tensor]
    private let condition = NSCondition()
    /// Guarded by `condition`: batches ready, batches handed out so far, and whether to end.
    private var ready: [Batch] = []
    private var handedOut = 0
    private var isStopping = false
    private var hasEnded = false
    /// The background thread's own.
    private var produced = 0
    private var orderEpoch = -1
    private var order: [Int] = []

    /// Starts preparing from global step `step` on.
    public init(
        _ images: any LabelledImages, normalization: Normalization, augmentation: Augmentation, shards: ShardPlan,
        rank: Int, seed: UInt64, fromStep step: Int
    ) {
        self.images = images
        self.normalization = normalization
        self.augmentation = augmentation
        self.shards = shards
        self.rank = rank
        self.seed = seed
        let share = max(1, shards.largestShare)
        buffers = (0..<Self.depth).map { _ in Tensor([share, imageSide, imageSide, imageChannels]) }
        let thread = Thread { [weak self] in Self.produce(for: { self }, from: step) }
        thread.name = "lockstep loader"
        thread.start()
    }

    deinit { stop() }

    /// The next batch; waits until it is ready.
    public func next() -> Batch {
        condition.lock()
        defer { condition.unlock() }
        while ready.isEmpty { condition.wait() }
        handedOut += 1
        condition.broadcast()
        return ready.removeFirst()
    }

    /// Ends the background thread; no batch can be asked for afterwards.
    public func stop() {
        condition.lock()
        isStopping = true
        condition.broadcast()
        condition.unlock()
    }

    /// The background thread: the loader is held only while a batch is being made, so that letting go of it ends the
    /// thread.
    private static func produce(for loader: () -> PrefetchingLoader?, from first: Int) {
        var step = first
        while let loader = loader(), loader.waitForRoom() {
            let batch = loader.make(step)
            loader.condition.lock()
            loader.ready.append(batch)
            loader.condition.broadcast()
            loader.condition.unlock()
            step += 1
        }
    }

    /// Waits until the ring has a free buffer: not one that is ready, nor the one handed out last. False to end.
    private func waitForRoom() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while !isStopping, produced - max(0, handedOut - 1) >= Self.depth { condition.wait() }
        return !isStopping
    }

    private func make(_ globalStep: Int) -> Batch {
        let (epoch, step) = globalStep.quotientAndRemainder(dividingBy: shards.stepsPerEpoch)
        if epoch != orderEpoch {
            order = shards.order(epoch: epoch)
            orderEpoch = epoch
        }
        let plan = shards.granulePlan(ofStep: step)
        let offset = shards.places(ofStep: step).lowerBound
        let samples = plan.samples(ofRank: rank).map { order[offset + $0] }
        let buffer = buffers[produced % Self.depth]
        produced += 1
        fill(buffer, samples, epoch: epoch)
        return Batch(
            images: buffer.first(samples.count), labels: samples.map { images.label(at: $0) }, sampleIndices: samples,
            epoch: epoch, step: step, plan: plan, rank: rank)
    }

    private func fill(_ buffer: Tensor, _ samples: [Int], epoch: Int) {
        let size = imageSide * imageSide * imageChannels
        withUnsafeTemporaryAllocation(of: Float.self, capacity: size) { plain in
            for (row, sample) in samples.enumerated() {
                let target = buffer.pointer + row * size
                guard augmentation != .none else {
                    normalization.apply(images.pixels(at: sample), into: target)
                    continue
                }
                normalization.apply(images.pixels(at: sample), into: plain.baseAddress!)
                var stream = RandomStream(seed: seed, purpose: .augmentation, epoch: epoch, sample: sample)
                augmentation.apply(plain.baseAddress!, into: target, stream: &stream)
            }
        }
    }
}
