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

    /// All images, which the ranks of a host share.
    var imageCount: Int { training.count + test.count }

    /// The plan with a network for these images: that of a new run follows them, one that has trained must take them.
    ///
    /// - Throws: `ArchitectureError` when no network takes the training images; `RunFailure` with `ExitCode.data` when the
    ///   plan's takes others.
    func fit(_ plan: TrainingPlan, hasTrained: Bool) throws -> TrainingPlan {
        var plan = plan
        if !hasTrained {
            plan.architecture.take(training.shape, classes: training.classes)
            try plan.architecture.validate()
        }
        for images in [training, test] { try Self.require(images, for: plan.architecture) }
        return plan
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
}
