import Tensors

/// What the layers need to know about one trip of a batch through the network.
public struct Pass {
    /// Whether statistics are taken and dropout drops.
    public enum Mode: Sendable {
        /// Batch statistics, dropout, and everything backward needs is kept.
        case training
        /// Running statistics, nothing dropped.
        case inference
    }

    /// Training or inference.
    public let mode: Mode
    /// The number of images this rank holds of the batch.
    public let images: Int
    /// How the global batch is cut.
    public let plan: GranulePlan
    /// This rank.
    public let rank: Int
    /// The seed of the run, for dropout.
    public let seed: UInt64
    /// The epoch, for dropout.
    public let epoch: Int
    /// The data-set index of each of this rank's images, for dropout.
    public let sampleIndices: [Int]
    /// The subtrees of this rank's granules.
    public let subtrees: [Range<Int>]
    /// Sums over all ranks; nil in inference.
    public let statistics: (any StatisticsExchange)?

    /// A training pass over this rank's part of a global batch.
    public init(
        training plan: GranulePlan, rank: Int, seed: UInt64, epoch: Int, sampleIndices: [Int],
        statistics: any StatisticsExchange
    ) {
        mode = .training
        images = plan.samples(ofRank: rank).count
        precondition(sampleIndices.count == images, "\(sampleIndices.count) sample indices for \(images) images")
        self.plan = plan
        self.rank = rank
        self.seed = seed
        self.epoch = epoch
        self.sampleIndices = sampleIndices
        self.statistics = statistics
        subtrees = plan.subtrees(ofRank: rank)
    }

    /// An inference pass over some images.
    public init(inference images: Int) {
        mode = .inference
        self.images = images
        plan = GranulePlan(sampleCount: images, granuleCount: 1, rankCount: 1)
        rank = 0
        seed = 0
        epoch = 0
        sampleIndices = []
        statistics = nil
        subtrees = [0..<1]
    }

    /// One granule's images, counted within this rank's images.
    public func images(inGranule granule: Int) -> Range<Int> {
        let offset = plan.samples(ofRank: rank).lowerBound
        let samples = plan.samples(inGranule: granule)
        return samples.lowerBound - offset..<samples.upperBound - offset
    }

    /// This rank's small sums, one run of values per subtree, from the values of single granules.
    public func partialSums(leaf: (_ images: Range<Int>) -> [Double]) -> [Double] {
        subtrees.flatMap { subtree in
            SubtreeSummation.sum(subtree) { leaf(images(inGranule: $0)) }
        }
    }
}
