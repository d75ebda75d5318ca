import Granules
import Tensors

/// Which images make up each global batch, and which of them each rank holds.
///
/// A global batch is a run of the epoch's order, defined by (seed, epoch, step) alone; the last one of an epoch is short.
public struct ShardPlan: Sendable {
    /// The images of the set that an epoch is made of.
    public let images: Range<Int>
    /// Images of a full global batch.
    public let globalBatch: Int
    /// The granules of each rank.
    public let shares: GranuleShares
    /// How a global batch is cut into micro-batches.
    public let microBatches: MicroBatches
    private let seed: UInt64
    private let shuffle: ShuffleMode

    /// A plan for one run; `accumulation` is the number of micro-batches in a step.
    public init(
        imageCount: Int, globalBatch: Int, accumulation: Int = 1, shares: GranuleShares, seed: UInt64,
        shuffle: ShuffleMode
    ) {
        self.init(
            images: 0..<imageCount, globalBatch: globalBatch, accumulation: accumulation, shares: shares, seed: seed,
            shuffle: shuffle)
    }

    /// Some images in the order of their set, for one reader alone, in batches of at most `batchSize`: as a network is
    /// measured on them.
    public static func inOrder(_ images: Range<Int>, batchSize: Int) -> ShardPlan {
        ShardPlan(
            images: images, globalBatch: batchSize, accumulation: 1, shares: .even(granules: 1, ranks: 1), seed: 0,
            shuffle: .none)
    }

    private init(
        images: Range<Int>, globalBatch: Int, accumulation: Int, shares: GranuleShares, seed: UInt64,
        shuffle: ShuffleMode
    ) {
        microBatches = MicroBatches(globalBatch: globalBatch, count: accumulation)
        self.images = images
        self.globalBatch = globalBatch
        self.shares = shares
        self.seed = seed
        self.shuffle = shuffle
    }

    /// The images of an epoch.
    public var imageCount: Int { images.count }

    /// Steps of an epoch: nothing is dropped and nothing padded.
    public var stepsPerEpoch: Int { max(1, (imageCount + globalBatch - 1) / globalBatch) }

    /// The order of one epoch: Fisher–Yates over draws from (seed, epoch), or the order of the files.
    public func order(epoch: Int) -> [Int] {
        var order = Array(images)
        guard shuffle == .epoch else { return order }
        var stream = RandomStream(seed: seed, purpose: .shuffle, epoch: epoch)
        for last in stride(from: imageCount - 1, to: 0, by: -1) {
            order.swapAt(last, Int(stream.next() % UInt64(last + 1)))
        }
        return order
    }

    /// The places in the epoch's order that one step's global batch covers.
    public func places(ofStep step: Int) -> Range<Int> {
        let start = step * globalBatch
        return start..<min(start + globalBatch, imageCount)
    }

    /// The places in the epoch's order that each micro-batch of one step covers.
    public func microBatchPlaces(ofStep step: Int) -> [Range<Int>] {
        let places = places(ofStep: step)
        return microBatches.ranges(of: places.count).map {
            places.lowerBound + $0.lowerBound..<places.lowerBound + $0.upperBound
        }
    }

    /// How one micro-batch of a step is cut; without accumulation it is the global batch.
    public func granulePlan(ofStep step: Int, microBatch: Int = 0) -> GranulePlan {
        GranulePlan(sampleCount: microBatchPlaces(ofStep: step)[microBatch].count, shares: shares)
    }

    /// The most images that a rank holds of a micro-batch.
    public func capacity(ofRank rank: Int) -> Int {
        GranulePlan(sampleCount: min(microBatches.largest, imageCount), shares: shares).capacity(ofRank: rank)
    }
}

/// The order of an epoch's training images.
public enum ShuffleMode: String, Codable, Sendable, CaseIterable {
    /// A new permutation every epoch, from (seed, epoch).
    case epoch
    /// The order of the files.
    case none
}
