import Datasets
import Failures
import Granules
import Layers
import Tensors

/// The images of a run: what it trains on, what it is measured on, and how both are normalised.
public struct RunData: Sendable {
    /// The training images.
    public let training: any LabelledImages
    /// The test images.
    public let test: any LabelledImages
    /// The training set's mean and standard deviation, used for both sets.
    public let normalization: Normalization
    /// A digest of the training images.
    public let fingerprint: String
    /// What a person should know about the data.
    public let notices: [String]

    /// The data of a run; measures the normalisation and the fingerprint.
    public init(training: any LabelledImages, test: any LabelledImages, notices: [String]) {
        self.training = training
        self.test = test
        self.notices = notices
        normalization = Normalization(of: training)
        fingerprint = training.contentDigest()
    }

    /// Checks that a network takes images of this shape and tells as many classes apart: buffers are as large as it says.
    ///
    /// - Throws: `RunFailure` with `ExitCode.data`.
    static func require(_ images: any LabelledImages, for architecture: Architecture) throws(RunFailure) {
        guard images.shape == architecture.image, images.classes <= architecture.classes else {
            throw RunFailure(
                .data,
                "The images are \(images.shape) in \(images.classes) classes, but the network takes \(architecture.image) in "
                    + "\(architecture.classes); pass the --data that it is meant for.")
        }
    }

    /// Which images make up each step.
    func shardPlan(_ plan: TrainingPlan, _ shares: GranuleShares) -> ShardPlan {
        ShardPlan(
            imageCount: training.count, globalBatch: plan.globalBatch, accumulation: plan.microBatches.count,
            shares: shares, seed: plan.seed, shuffle: plan.shuffle)
    }

    /// The background loader of one rank.
    func loader(_ plan: TrainingPlan, _ shards: ShardPlan, rank: Int, from position: RunPosition)
        throws(ResourceError) -> PrefetchingLoader
    {
        try PrefetchingLoader(
            training, normalization: normalization, augmentation: plan.augmentation, shards: shards, rank: rank,
            seed: plan.seed, fromStep: position.step)
    }

    /// How evaluation reads the test images.
    var testSource: Evaluation.Source { Self.source(test, normalization) }

    /// How evaluation reads a set of images.
    static func source(_ images: any LabelledImages, _ normalization: Normalization) -> Evaluation.Source {
        { range, target in
            let size = images.shape.count
            for (row, index) in range.enumerated() {
                normalization.apply(images.pixels(at: index), into: target.pointer + row * size)
            }
            let labels = range.map { images.label(at: $0) }
            try images.requireIntact()
            return labels
        }
    }
}
