import Granules
import Tensors

/// What layers know about one trip of a rank's part of a global batch through the network and back.
public struct TrainingContext {
    /// The images and what they are computed with.
    public let inference: InferenceContext
    /// How the batch is cut.
    public let plan: GranulePlan
    /// The images that the loss is the mean over: the batch's, or a whole step's of which the batch is a part.
    public let lossImages: Int
    /// This rank.
    public let rank: Int
    /// The seed of the run, for random draws.
    public let seed: UInt64
    /// The epoch, for random draws.
    public let epoch: Int
    /// The data-set index of each of this rank's images, for random draws.
    public let sampleIndices: [Int]
    /// The subtrees of this rank's granules.
    public let subtrees: [Range<Int>]
    /// Sums over all ranks.
    public let statistics: any StatisticsExchange
    /// Lets communication advance; called about once a granule during backward, by the thread that called it.
    public let progress: () throws -> Void
    /// Told which part is about to work.
    public let observer: (any StepObserver)?
    /// The maximal subtrees of each worker's contiguous part of this rank's granules.
    let workerSubtrees: [[Range<Int>]]
    /// The sums of its output that a layer is asked for, where the one behind it normalises by them.
    var outputMoments: OutputMoments?
    /// The next layer of backward that has something to prepare while this rank waits.
    var layerBefore: (any Layer)?
    /// The place in the batch of this rank's first image.
    private let firstSample: Int

    /// A trip of this rank's part of a global batch through `network`.
    ///
    /// - Parameters:
    ///   - plan: how the batch is cut; ranks times the network's workers are at most its granules.
    ///   - lossImages: the images that the loss is the mean over, if more than those of the batch.
    public init(
        _ network: Network, plan: GranulePlan, rank: Int, seed: UInt64, epoch: Int, sampleIndices: [Int],
        lossImages: Int? = nil, statistics: any StatisticsExchange, progress: @escaping () throws -> Void = {},
        observer: (any StepObserver)? = nil
    ) {
        let samples = plan.samples(ofRank: rank)
        precondition(
            sampleIndices.count == samples.count, "\(sampleIndices.count) sample indices for \(samples.count) images")
        precondition(
            plan.granuleCount == network.granuleCount,
            "a batch in \(plan.granuleCount) granules for a network of \(network.granuleCount)")
        firstSample = samples.lowerBound
        self.plan = plan
        self.lossImages = lossImages ?? plan.sampleCount
        self.rank = rank
        self.seed = seed
        self.epoch = epoch
        self.sampleIndices = sampleIndices
        self.statistics = statistics
        self.progress = progress
        self.observer = observer
        subtrees = plan.subtrees(ofRank: rank)
        let partials = network.parameters.gradientPartials.count
        precondition(subtrees.count == partials, "\(subtrees.count) subtrees for a network of \(partials)")
        // Subtrees within a part of the rank's granules lie within the rank's own.
        let granules = plan.granules(ofRank: rank)
        let workers = network.memory.pool.count
        let parts = (0..<workers).map { worker in
            let part = WorkShare(worker, of: workers).range(of: granules.count)
            return granules.lowerBound + part.lowerBound..<granules.lowerBound + part.upperBound
        }
        workerSubtrees = parts.map(plan.tree.subtrees(within:))
        let shares = parts.map { part in
            guard let first = part.first, let last = part.last else { return 0..<0 }
            let (start, end) = (plan.samples(inGranule: first), plan.samples(inGranule: last))
            return start.lowerBound - samples.lowerBound..<end.upperBound - samples.lowerBound
        }
        inference = InferenceContext(images: samples.count, network.memory, shares: shares)
    }

    /// The images that this rank holds of the batch.
    public var images: Int { inference.images }

    /// The network's memory and threads.
    public var memory: NetworkMemory { inference.memory }

    /// Calls `body` in every worker with the images of its granules.
    public func forEachShare(_ body: (_ images: Range<Int>) -> Void) { inference.forEachShare(body) }

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

    /// Takes the sums that the layer behind needs, if it needs any, of an output while it is in cache.
    ///
    /// - Parameter compute: makes the output, and calls `finished` with each run of images that is complete.
    func takingMoments(
        of output: Tensor, _ compute: (_ finished: (_ images: Range<Int>) -> Void) -> Activations
    ) -> Activations {
        let moments = outputMoments
        moments?.clear()
        let result = compute { moments?.add($0, of: output, self) }
        return Activations(result.tensor, moments: moments?.partials(self))
    }

    /// Prepares the next layer of backward; a layer calls it between the start of a sum and the wait for it.
    func prepareLayerBefore() { layerBefore?.prepareBackward(memory) }

    /// Sums the gradients of parameters that were declared one behind the other, over this rank's granules by the fixed
    /// tree, into the store's partial sums.
    ///
    /// - Parameter add: adds the gradients of some images to `sums`, where the first parameter begins; called in the worker
    ///   that holds the granule.
    public func sumGradients(
        of parameters: [Parameter], add: (_ images: Range<Int>, _ sums: UnsafeMutablePointer<Float>) -> Void
    ) throws {
        guard let first = parameters.first, let last = parameters.last else { return }
        try memory.summation.sum(buffered: first.range.lowerBound..<last.range.upperBound, self) {
            add(images(inGranule: $0), $1)
        }
    }
}

/// How a layer asks for a sum over the samples of all ranks.
public protocol StatisticsExchange: AnyObject {
    /// Starts the sum over every granule of the global batch; what it returns waits for it.
    ///
    /// Every rank starts the same sums and waits for them in the same order. Whatever lies between a start and its wait
    /// hides what messages and slower ranks cost.
    ///
    /// - Parameters:
    ///   - partials: this rank's sums, one run of `width` values per subtree of its granules, left to right.
    ///   - width: the number of values in a run.
    /// - Returns: a function, to be called once, that gives `width` values, the same bits on every rank.
    func startSum(_ partials: [Double], width: Int) throws -> () throws -> [Double]
}
