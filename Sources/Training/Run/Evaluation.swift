import Collectives
import Failures
import GradientExchange
import Granules
import Kernels
import Layers
import Tensors

/// Measures a network on a set of images that all ranks share out among them.
///
/// Every image is taken exactly once, right answers are counted as integers, and losses are summed by granule, so the
/// outcome is the same on any number of ranks.
public struct Evaluation {
    /// Fills a tensor with the normalised images of a range and returns their labels.
    public typealias Source = (_ range: Range<Int>, _ images: Tensor) throws -> [UInt8]

    private let network: Network
    private let rank: Int
    private let plan: GranulePlan
    private let exchange: GradientExchange
    private let images: Tensor
    private let source: Source

    /// An evaluation over `imageCount` images.
    ///
    /// - Parameters:
    ///   - maximumImages: the most images this rank's network takes at once.
    ///   - shares: the granules the images are summed by, and those of each rank: as the network was built with.
    /// - Throws: `ResourceError` when the system refuses the memory for the images.
    public init(
        _ network: Network, communicator: any Communicator, exchange: GradientExchange, imageCount: Int,
        maximumImages: Int, shares: GranuleShares, source: @escaping Source
    ) throws(ResourceError) {
        self.network = network
        self.exchange = exchange
        self.source = source
        rank = communicator.rank
        plan = GranulePlan(sampleCount: imageCount, shares: shares)
        images = try Tensor(allocating: max(1, maximumImages), of: network.architecture.image)
    }

    /// Runs the network over all images; every rank calls it and gets the same outcome.
    ///
    /// - Throws: `RunFailure`, the same on every rank, when images were lost; `CommunicationError`.
    public func run() throws -> EvaluationOutcome {
        try exchange.begin(plan: plan)
        let partials = try RankAgreement(exchange.communicator).together {
            try plan.partialSums(ofRank: rank) { try totals(ofGranule: $0) }
        }
        let sums = try exchange.sum(partials, width: 2)
        return EvaluationOutcome(
            loss: sums[0] / Double(max(1, plan.sampleCount)), right: Int(sums[1]), images: plan.sampleCount)
    }

    /// The summed loss and the right answers of one granule.
    private func totals(ofGranule granule: Int) throws -> [Double] {
        let classes = network.architecture.classes
        var scratch = [Float](repeating: 0, count: classes)
        var (loss, right) = (0.0, 0.0)
        let samples = plan.samples(inGranule: granule)
        for start in stride(from: samples.lowerBound, to: samples.upperBound, by: images.shape[0]) {
            let range = start..<min(start + images.shape[0], samples.upperBound)
            let labels = try source(range, images)
            let logits = try network.forward(images.first(range.count), Pass(inference: range.count))
            for (index, label) in labels.enumerated() {
                let row = logits.pointer + index * classes
                loss += SoftmaxCrossEntropy.evaluate(
                    logits: row, classes: classes, label: Int(label), weight: 1, gradient: &scratch)
                if SoftmaxCrossEntropy.prediction(logits: row, classes: classes) == Int(label) { right += 1 }
            }
        }
        return [loss, right]
    }
}

/// How a network did on a set of images, each counted exactly once.
public struct EvaluationOutcome: Sendable, Equatable {
    /// The mean loss.
    public let loss: Double
    /// Images classified rightly.
    public let right: Int
    /// Images seen.
    public let images: Int

    /// The share classified rightly.
    public var accuracy: Double { Double(right) / Double(max(1, images)) }
}
