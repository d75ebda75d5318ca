import CommandLineArguments
import Datasets
import GradientExchange
import Kernels
import Layers
import Optimizers
import Training

/// Puts the options a person gave over a plan; what was not given stays as it is.
struct PlanArguments {
    private let arguments: ParsedArguments

    init(_ arguments: ParsedArguments) {
        self.arguments = arguments
    }

    /// The network options over an architecture.
    func apply(to architecture: inout Architecture) throws {
        if let name = arguments.text("architecture"), let named = Architecture.named[name] {
            architecture.finalActivation = named.finalActivation
        }
        if let stages = arguments.list("stages") {
            architecture.stages = try Architecture.parseStages(stages.joined(separator: ","))
        }
        set(&architecture.pooling, arguments.choice("pooling", as: Architecture.PoolingKind.self))
        set(&architecture.dropout, arguments.number("dropout"))
        do {
            try architecture.validate()
        } catch {
            throw arguments.usageError(error.description)
        }
    }

    /// All options of `train` over a plan.
    func apply(to plan: inout TrainingPlan) throws {
        try applyNetworkAndRanks(to: &plan)
        set(&plan.epochs, arguments.integer("epochs"))
        set(&plan.globalBatch, arguments.integer("global-batch"))
        if let count = arguments.integer("accumulate") { plan.accumulation = count == 1 ? nil : count }
        set(&plan.seed, arguments.integer("seed").map { UInt64($0) })
        set(&plan.shuffle, arguments.choice("shuffle", as: ShuffleMode.self))
        if let limit = arguments.integer("limit-train") { plan.limitTrain = limit }
        if let limit = arguments.integer("limit-test") { plan.limitTest = limit }
        applyAugmentation(to: &plan)
        applyOptimizer(to: &plan)
    }

    /// The options that `benchmark throughput` shares with `train`.
    func applyNetworkAndRanks(to plan: inout TrainingPlan) throws {
        try apply(to: &plan.architecture)
        set(&plan.convolution, arguments.choice("convolution", as: ConvolutionChoice.self))
        set(&plan.granules, arguments.integer("granules"))
        set(&plan.normalization, arguments.choice("batch-norm", as: NormalizationMode.self))
        set(&plan.reduction, arguments.choice("reduction", as: ReductionOrder.self))
        if let compression = arguments.choice("gradient-compression", as: GradientCompression.self) {
            plan.gradientCompression = compression
        }
        if let bytes = arguments.integer("bucket-bytes") { plan.bucketBytes = bytes }
    }

    private func applyAugmentation(to plan: inout TrainingPlan) {
        if let name = arguments.text("augmentation") { plan.augmentation = name == "none" ? .none : .article }
        set(&plan.augmentation.rotationDegrees, arguments.number("rotation").map { Float($0) })
        set(&plan.augmentation.rowShift, arguments.number("row-shift").map { Float($0) })
        set(&plan.augmentation.columnShift, arguments.number("column-shift").map { Float($0) })
        set(&plan.augmentation.horizontalFlip, arguments.toggle("horizontal-flip"))
        set(&plan.augmentation.verticalFlip, arguments.toggle("vertical-flip"))
    }

    private func applyOptimizer(to plan: inout TrainingPlan) {
        set(&plan.optimizer.kind, arguments.choice("optimizer", as: OptimizerKind.self))
        for setting in OptimizerSetting.all {
            switch setting.range {
            case .toggle: plan.optimizer[setting.name] = arguments.toggle(setting.optionName).map { .toggle($0) }
            default: plan.optimizer[setting.name] = arguments.number(setting.optionName).map { .number($0) }
            }
        }
        set(&plan.optimizer.weightDecay, arguments.number("weight-decay"))
        set(&plan.learningRate, arguments.number("learning-rate"))
        if let base = arguments.integer("base-batch") { plan.baseBatch = base }
        set(&plan.schedule, arguments.choice("schedule", as: ScheduleKind.self))
        set(&plan.warmupEpochs, arguments.number("warmup-epochs"))
    }

    private func set<Value>(_ target: inout Value, _ value: Value?) {
        if let value { target = value }
    }
}
