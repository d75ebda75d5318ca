import Granules
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

    /// The way through the layers.
    public enum Direction: String, Sendable {
        /// From images to logits.
        case forward
        /// From the gradient by the logits to that by the weights.
        case backward
    }

    /// Training or inference.
    public let mode: Mode
    /// The number of images this rank holds of the batch.
    public let images: Int
    /// How the batch is cut.
    public let plan: GranulePlan
    /// The images that the loss is the mean over: the batch's, or a whole step's of which the batch is a part.
    public let lossImages: Int
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
    /// The place in the batch of this rank's first image.
    private let firstSample: Int
    /// The maximal subtrees of each worker's contiguous part of this rank's granules.
    let workerSubtrees: [[Range<Int>]]
    /// Sums over all ranks; nil in inference.
    public let statistics: (any StatisticsExchange)?
    /// Lets communication advance; called about once a granule during backward, by the thread that called it.
    public let progress: (() throws -> Void)?
    /// Told the layer that is about to work.
    public let enter: ((_ layer: String, _ direction: Direction) -> Void)?

    /// A training pass over this rank's part of a global batch.
    ///
    /// - Parameters:
    ///   - workers: the threads that share it; ranks times workers are at most the granules.
    ///   - lossImages: the images that the loss is the mean over, if more than those of the batch.
    public init(
        training plan: GranulePlan, rank: Int, workers: Int = 1, seed: UInt64, epoch: Int, sampleIndices: [Int],
        lossImages: Int? = nil, statistics: any StatisticsExchange, progress: (() throws -> Void)? = nil,
        enter: ((_ layer: String, _ direction: Direction) -> Void)? = nil
    ) {
        mode = .training
        let samples = plan.samples(ofRank: rank)
        images = samples.count
        firstSample = samples.lowerBound
        precondition(sampleIndices.count == images, "\(sampleIndices.count) sample indices for \(images) images")
        self.plan = plan
        self.lossImages = lossImages ?? plan.sampleCount
        self.rank = rank
        self.seed = seed
        self.epoch = epoch
        self.sampleIndices = sampleIndices
        self.statistics = statistics
        self.progress = progress
        self.enter = enter
        subtrees = plan.subtrees(ofRank: rank)
        // Subtrees within a part of the rank's granules lie within the rank's own.
        let granules = plan.granules(ofRank: rank)
        workerSubtrees = (0..<workers).map { worker in
            let part = WorkShare(worker, of: workers).range(of: granules.count)
            return plan.tree.subtrees(
                within: granules.lowerBound + part.lowerBound..<granules.lowerBound + part.upperBound)
        }
    }

    /// An inference pass over some images.
    public init(inference images: Int) {
        mode = .inference
        self.images = images
        plan = GranulePlan(sampleCount: images, granuleCount: 1, rankCount: 1)
        firstSample = 0
        lossImages = images
        rank = 0
        seed = 0
        epoch = 0
        sampleIndices = []
        statistics = nil
        progress = nil
        enter = nil
        subtrees = [0..<1]
        workerSubtrees = []
    }

    /// One worker's images, counted within this rank's images: those of its granules, or an even part in inference.
    func images(of share: WorkShare) -> Range<Int> {
        guard mode == .training, share.count > 1 else { return share.range(of: images) }
        guard let first = workerSubtrees[share.index].first, let last = workerSubtrees[share.index].last else {
            return 0..<0
        }
        return images(inGranule: first.lowerBound).lowerBound..<images(inGranule: last.upperBound - 1).upperBound
    }

    /// The granule that holds one of this rank's images.
    func granule(ofImage image: Int) -> Int {
        plan.granule(ofSample: image + firstSample)
    }

    /// One granule's images, counted within this rank's images.
    public func images(inGranule granule: Int) -> Range<Int> {
        let samples = plan.samples(inGranule: granule)
        return samples.lowerBound - firstSample..<samples.upperBound - firstSample
    }

    /// This rank's small sums, one run of values per subtree, from the values of single granules.
    public func partialSums(leaf: (_ images: Range<Int>) -> [Double]) -> [Double] {
        plan.partialSums(ofRank: rank) { leaf(images(inGranule: $0)) }
    }
}
