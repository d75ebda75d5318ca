import CommandLineArguments
import Optimizers
import Training

extension TrainOptions {
    /// Puts what was given over a plan: a recipe's, or the stored one of a resumed run.
    ///
    /// - Throws: `UsageError` or `ArchitectureError` for a network that cannot be built.
    static func apply(
        _ arguments: ParsedArguments, network: NetworkOptions.File?, to plan: inout TrainingPlan
    ) throws {
        try NetworkOptions.apply(arguments, network, to: &plan)
        let others = [epochs, .seed] + data + augmentation + optimizer + RankOptions.settings
        try plan.take(others, from: arguments)
    }

    static let epochs = PlanOption(
        "epochs", \.epochs, .atLeastOne, aliases: ["num-epochs", "max-epochs"],
        help: "passes over the training images")

    static let data: [PlanOption] = [
        .globalBatch,
        PlanOption("limit-train", \.limitTrain, .atLeastOne, help: "use the first N training images only"),
        PlanOption("shuffle", \.shuffle, .choice, help: "a new order every epoch, or the order of the files"),
        PlanOption(
            Option(
                "accumulate", .integer(1...1_000_000), placeholder: "COUNT", default: 1,
                familiarNames: ["gradient-accumulation", "accumulation-steps", "micro-batches"],
                help:
                    "cut a global batch into so many micro-batches, computed in turn in the memory of one; batch-norm "
                    + "statistics are then those of each micro-batch, over all ranks")
        ) { $0.accumulation = $1 == 1 ? nil : $1 },
        .limitTest,
    ]

    /// The options that come after the first one replace single settings of what it names.
    static let augmentation = [
        PlanOption(
            Option(
                "augmentation", .choice(["article", "none"]), default: "article",
                help: "the recipe's distortions, or none; the options below replace single ones")
        ) { $0.augmentation = $1 == "none" ? .none : .article },
        PlanOption(
            "rotation", \.augmentation.rotationDegrees, .number(.between(0...180)), placeholder: "DEGREES",
            help: "turn by up to this angle either way"),
        PlanOption(
            "row-shift", \.augmentation.rowShift, .number(.between(0...1)), placeholder: "FRACTION",
            help: "shift up or down by up to this share of the height"),
        PlanOption(
            "column-shift", \.augmentation.columnShift, .number(.between(0...1)), placeholder: "FRACTION",
            help: "shift sideways by up to this share of the width"),
        PlanOption(
            "horizontal-flip", \.augmentation.horizontalFlip, .toggle,
            help: "mirror left and right, with a chance of one half"),
        PlanOption(
            "vertical-flip", \.augmentation.verticalFlip, .toggle, help: "mirror top and bottom, likewise"),
    ]

    static let optimizer =
        [
            PlanOption("optimizer", \.optimizer.kind, .choice, help: "the update rule"),
            PlanOption(
                "learning-rate", \.learningRate, .number(.positive), placeholder: "RATE", aliases: ["lr"],
                help: "the rate at the schedule's peak"),
            PlanOption(
                "base-batch", \.baseBatch, .atLeastOne, placeholder: "IMAGES",
                familiarNames: ["scale-learning-rate", "base-batch-size"],
                help: "multiply the rate by --global-batch over this; large rates need --warmup-epochs"),
            PlanOption(
                "schedule", \.schedule, .choice, familiarNames: ["lr-schedule", "lr-scheduler"],
                help: "how the rate changes over the epochs"),
            PlanOption(
                "warmup-epochs", \.warmupEpochs, .number(.atLeast(0)), placeholder: "EPOCHS", familiarNames: ["warmup"],
                help: "let the rate rise from near zero over this time; fractions are fine"),
            PlanOption(
                "weight-decay", \.optimizer.weightDecay, .number(.atLeast(0)), aliases: ["wd"],
                help: "applies to convolution and dense weights only"),
        ] + OptimizerSetting.all.map(PlanOption.init)
}

extension PlanOption {
    /// The option for a setting of optimisers; it goes by when the plan's has none of that name.
    fileprivate init(_ setting: OptimizerSetting) {
        switch setting.defaultValue {
        case .number(let number):
            let range: NumberRange =
                switch setting.range {
                case .fraction: .from(0, below: 1)
                default: .positive
                }
            self.init(
                Option(
                    setting.optionName, .number(range), default: number, aliases: setting.aliases,
                    help: setting.optionHelp)
            ) { $0.optimizer[setting.name] = .number($1) }
        case .toggle(let isOn):
            self.init(
                Option(
                    setting.optionName, .toggle, default: isOn, aliases: setting.aliases, help: setting.optionHelp)
            ) { $0.optimizer[setting.name] = .toggle($1) }
        }
    }
}
