import Datasets
import Failures
import Foundation
import GradientExchange
import Kernels
import Layers
import Optimizers

/// Everything that decides what a run computes: the same plan on the same data gives the same weights.
///
/// A plan is stored in every checkpoint. Where files lie, how often checkpoints are written and what is shown are not
/// part of it.
public struct TrainingPlan: Codable, Sendable, Equatable {
    /// The recipe it came from.
    public var recipe = "article"
    /// The network.
    public var architecture = Architecture.article
    /// Passes over the training set.
    public var epochs = 20
    /// Images of a step over all ranks.
    public var globalBatch = 128
    /// The micro-batches of a step, computed one after the other; nil for one, the global batch.
    public var accumulation: Int?
    /// The runs of samples whose sums are taken first; at least as many as there are ranks.
    public var granules = 16
    /// The seed of every random draw.
    public var seed: UInt64 = 1
    /// The order of the training images.
    public var shuffle = ShuffleMode.epoch
    /// The distortion of training images.
    public var augmentation = Augmentation.article
    /// The optimiser and its settings.
    public var optimizer = OptimizerConfiguration()
    /// The shape of the learning rate over the run.
    public var schedule = ScheduleKind.constant
    /// The rate that the schedule scales, for a global batch of `baseBatch`.
    public var learningRate = 1e-3
    /// The global batch that `learningRate` is meant for; nil to use the rate as it is, for any.
    public var baseBatch: Int?
    /// Epochs of linear warmup.
    public var warmupEpochs = 0.0
    /// Whose samples batch normalisation uses.
    public var normalization = NormalizationMode.synchronized
    /// The convolution algorithm.
    public var convolution = ConvolutionChoice.automatic
    /// The order of sums over ranks.
    public var reduction = ReductionOrder.ordered
    /// The format in which gradients travel; nil for single precision.
    public var gradientCompression: GradientCompression?
    /// Bytes of gradients that travel together; nil for what suits the number of ranks.
    public var bucketBytes: Int?
    /// Use only so many training images.
    public var limitTrain: Int?
    /// Use only so many test images.
    public var limitTest: Int?

    /// So many granules a plan may have.
    public static let mostGranules = 4096

    /// The plan of the recipe `article`.
    public init() {}

    /// The named recipes, with a line about each.
    public static let recipes: [(name: String, summary: String, plan: TrainingPlan)] = {
        var eBook = TrainingPlan()
        eBook.recipe = "e-book"
        eBook.schedule = .step
        eBook.architecture.staged?.dropout = 0.25
        // Small batches and a rate that falls to zero: the running statistics catch up within two epochs.
        var synthetic = TrainingPlan()
        synthetic.recipe = "synthetic"
        synthetic.schedule = .cosine
        synthetic.epochs = 2
        synthetic.globalBatch = 32
        synthetic.augmentation = .none
        synthetic.architecture.staged?.dropout = 0.2
        return [
            ("article", "the article's settings: Adam 1e-3 throughout, 20 epochs of 128-image batches", TrainingPlan()),
            ("e-book", "the e-book's settings: dropout 0.25 and a learning rate that falls in steps", eBook),
            ("synthetic", "learns the built-in images in a minute or two; for --data synthetic", synthetic),
        ]
    }()

    /// The plan of a recipe.
    ///
    /// - Throws: `RunFailure` naming the recipes there are.
    public static func recipe(named name: String) throws(RunFailure) -> TrainingPlan {
        guard let recipe = recipes.first(where: { $0.name == name }) else {
            let names = recipes.map(\.name).joined(separator: ", ")
            throw RunFailure(.usage, "There is no recipe '\(name)'; choose one of \(names).")
        }
        return recipe.plan
    }

    /// Checks the plan for a number of ranks, of threads in each and of training images.
    ///
    /// - Throws: `RunFailure`, `ArchitectureError` or `OptimizerError` naming the first setting that cannot be.
    public func validate(ranks: Int, threads: Int = 1, trainingImages: Int? = nil) throws {
        try architecture.validate()
        try optimizer.validate()
        guard epochs > 0, globalBatch > 0, granules > 0 else {
            throw RunFailure(.usage, "Epochs, global batch and granules must be at least 1.")
        }
        guard reduction == .ordered || (gradientCompression ?? .single) == .single else {
            throw RunFailure(
                .usage,
                "--reduction fast leaves sums to MPI, which has none of 16 bits; leave out --gradient-compression or "
                    + "--reduction.")
        }
        try validateBatches(ranks: ranks)
        try learningRateSchedule(stepsPerEpoch: 1).validate()
        guard ranks <= globalBatch else {
            throw RunFailure(
                .usage,
                "\(ranks) ranks cannot share a global batch of \(globalBatch) images; start at most \(globalBatch) ranks "
                    + "or raise --global-batch.")
        }
        guard ranks <= granules else {
            throw RunFailure(
                .usage,
                "\(ranks) ranks cannot share \(granules) granules; start at most \(granules) ranks or pass --granules "
                    + "\(ranks) (and keep it for the whole run).")
        }
        guard ranks * threads <= granules else {
            throw RunFailure(
                .usage,
                "\(ranks) ranks of \(threads) threads cannot share \(granules) granules; pass --threads "
                    + "\(max(1, granules / ranks)) or --granules \(ranks * threads) (and keep it for the whole run).")
        }
        if let trainingImages, ranks > trainingImages {
            throw RunFailure(
                .usage,
                "\(ranks) ranks cannot share \(trainingImages) training images; start fewer ranks or use more images.")
        }
    }

    /// The bytes of gradients that travel together between so many ranks.
    public func bucketByteCount(ranks: Int) -> Int {
        GradientExchange.bucketByteCount(bucketBytes, ranks: ranks, compression: gradientCompression ?? .single)
    }

    /// The schedule in steps.
    public func learningRateSchedule(stepsPerEpoch: Int) -> LearningRateSchedule {
        let warmup = (warmupEpochs * Double(stepsPerEpoch)).rounded()
        return LearningRateSchedule(
            kind: schedule, baseRate: scaledLearningRate,
            warmupSteps: warmup.isFinite ? Int(max(0, min(warmup, 1e12))) : 0)
    }

    /// The learning rate of a step, counted from 0.
    public func learningRate(at step: Int, stepsPerEpoch: Int) -> Float {
        learningRateSchedule(stepsPerEpoch: stepsPerEpoch)
            .rate(step: step, stepsPerEpoch: stepsPerEpoch, totalSteps: epochs * stepsPerEpoch)
    }

    /// The plan as JSON with sorted keys, one line.
    public var json: String { Self.encode(self, pretty: false) }

    /// The plan as JSON for reading.
    public var prettyJSON: String { Self.encode(self, pretty: true) }

    private static func encode(_ plan: TrainingPlan, pretty: Bool) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = pretty ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes] : [.sortedKeys]
        // Encoding fails only for numbers JSON has no form for, which `validate` refuses.
        return (try? encoder.encode(plan)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Reads a plan back, whose network may have the given blocks.
    ///
    /// - Throws: `RunFailure` when the text is no plan of this version.
    public init(json: String, blocks: BlockCatalogue = .standard) throws(RunFailure) {
        let decoder = JSONDecoder()
        decoder.userInfo[.blockCatalogue] = blocks
        do {
            self = try decoder.decode(TrainingPlan.self, from: Data(json.utf8))
        } catch let error as ArchitectureError {
            throw RunFailure(.checkpoint, "The network of the checkpoint cannot be built here: \(error.description)")
        } catch {
            throw RunFailure(
                .checkpoint, "The checkpoint's plan cannot be read by this version; use the build that wrote it.")
        }
    }
}

extension TrainingPlan {
    /// What a person should know who goes on with a run of `stored` under this plan: the learning rate jumps. Nil when it
    /// goes on as it would have.
    public func learningRateNotice(over stored: TrainingPlan, at position: RunPosition) -> String? {
        let (step, stepsPerEpoch) = (position.step, position.stepsPerEpoch)
        // Behind its last step the stored plan has no rate, and would have gone on with none.
        let planned = min(step, max(0, stored.epochs * stepsPerEpoch - 1))
        let before = stored.learningRate(at: planned, stepsPerEpoch: stepsPerEpoch)
        let now = learningRate(at: step, stepsPerEpoch: stepsPerEpoch)
        guard before != now, self != stored else { return nil }
        return
            "The changed options make the learning rate \(now) from step \(step + 1) on, where the run had \(before)."
    }

    /// Checks that a run of `stored` can go on under this plan: what its steps so far depend on must be the same.
    ///
    /// - Throws: `RunFailure` naming the setting that differs.
    public func requireContinuation(of stored: TrainingPlan) throws(RunFailure) {
        let fixed: [(name: String, option: String, isSame: Bool)] = [
            (
                "architecture", "--stages, --pooling, --dropout, --architecture and --network",
                architecture == stored.architecture
            ),
            ("global batch", "--global-batch", globalBatch == stored.globalBatch),
            ("seed", "--seed", seed == stored.seed),
            ("order of images", "--shuffle", shuffle == stored.shuffle),
            ("optimiser", "--optimizer", optimizer.kind == stored.optimizer.kind),
            ("number of training images", "--limit-train", limitTrain == stored.limitTrain),
        ]
        guard let changed = fixed.first(where: { !$0.isSame }) else { return }
        throw RunFailure(
            .checkpoint,
            "The run in the checkpoint has another \(changed.name); leave out \(changed.option) to go on with it, or choose "
                + "another --output to start a new run.")
    }
}
