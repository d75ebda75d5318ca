import Collectives
import Datasets
import Failures
import GradientExchange
import Granules
import Kernels
import Layers
import Tensors

/// Measures a network on a set of images that all ranks share out among them.
///
/// Every image is taken exactly once, right answers are counted as integers, and losses are summed by granule, so the
/// outcome is the same on any number of ranks. Images are read as those of a training: batch by batch, in the background.
public struct Evaluation {
    private let network: Network
    private let exchange: GradientExchange
    private let plan: GranulePlan
    private let loader: PrefetchingLoader
    private let batchCount: Int

    /// An evaluation on all images of a set; it may be run again and again.
    ///
    /// - Parameters:
    ///   - exchange: sums over the ranks, of this network's parameters.
    ///   - normalization: that of the network's training set.
    ///   - shares: the granules the images are summed by, and those of each rank: as the network was built with.
    ///   - maximumImages: the most images this rank's network takes at once.
    /// - Throws: `ResourceError` when the system refuses the memory for the images, or the thread that reads them.
    public init(
        _ network: Network, _ exchange: GradientExchange, on images: any LabelledImages, normalization: Normalization,
        shares: GranuleShares, maximumImages: Int
    ) throws(ResourceError) {
        self.network = network
        self.exchange = exchange
        plan = GranulePlan(sampleCount: images.count, shares: shares)
        let shards = ShardPlan.inOrder(
            plan.samples(ofRank: exchange.communicator.rank), batchSize: max(1, maximumImages))
        batchCount = shards.stepsPerEpoch
        // Behind the last batch comes the first again, which then is ready for the next run.
        loader = try PrefetchingLoader(
            images, normalization: normalization, augmentation: .none, shards: shards, rank: 0, seed: 0, fromStep: 0)
    }

    /// Runs the network over all images; every rank calls it and gets the same outcome. After an error the evaluation is
    /// of no further use.
    ///
    /// - Throws: `RunFailure`, the same on every rank, when images were lost; `CommunicationError`.
    public func run() throws -> EvaluationOutcome {
        let rank = exchange.communicator.rank
        try exchange.begin(plan: plan)
        let totals = try RankAgreement(exchange.communicator).together {
            try totalsByGranule(plan.granules(ofRank: rank))
        }
        let first = plan.granules(ofRank: rank).lowerBound
        let partials = plan.partialSums(ofRank: rank) { totals[$0 - first] }
        let sums = try exchange.sum(partials, width: 2)
        return EvaluationOutcome(
            loss: sums[0] / Double(max(1, plan.sampleCount)), right: Int(sums[1]), images: plan.sampleCount)
    }

    /// The summed loss and the right answers of each of this rank's granules.
    private func totalsByGranule(_ granules: Range<Int>) throws -> [[Double]] {
        let classes = network.architecture.classes
        var scratch = [Float](repeating: 0, count: classes)
        var totals = [[Double]](repeating: [0, 0], count: granules.count)
        var granule = granules.lowerBound
        for _ in 0..<batchCount {
            let batch = loader.next()
            if let damage = batch.damage { throw damage }
            // Where there are fewer images than granules a rank may have none.
            guard !batch.labels.isEmpty else { continue }
            let logits = network.infer(batch.images)
            for (row, image) in batch.sampleIndices.enumerated() {
                while image >= plan.samples(inGranule: granule).upperBound { granule += 1 }
                let (logits, label) = (logits.pointer + row * classes, Int(batch.labels[row]))
                totals[granule - granules.lowerBound][0] += SoftmaxCrossEntropy.evaluate(
                    logits: logits, classes: classes, label: label, weight: 1, gradient: &scratch)
                if SoftmaxCrossEntropy.prediction(logits: logits, classes: classes) == label {
                    totals[granule - granules.lowerBound][1] += 1
                }
            }
        }
        return totals
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
