import CommandLineArguments
import Layers
import Training

/// The options that describe a network.
enum NetworkOptions {
    /// Under their title.
    static let section = OptionSection("Network", all)

    /// What the network is made of.
    static let architecture = [
        PlanOption(
            Option(
                "architecture", .choice(["article", "article-final-activation"]), default: "article",
                help: "the second ends with batch-norm and ReLU before the average pool")
        ) { plan, name in
            guard let named = Architecture.named[name] else { return }
            plan.architecture.finalActivation = named.finalActivation
        },
        PlanOption(
            Option(
                "stages", .list, placeholder: "LIST",
                default: TrainingPlan().architecture.stagesText.split(separator: ",").map(String.init),
                help: "channels and number of units of each stage")
        ) { plan, stages in
            plan.architecture.stages = try Architecture.parseStages(stages.joined(separator: ","))
        },
        PlanOption(
            "pooling", \.architecture.pooling, .choice, help: "between stages: a pool, or a strided convolution"),
        PlanOption(
            "dropout", \.architecture.dropout, .number(.from(0, below: 1)), placeholder: "FRACTION",
            help: "share of features dropped before the classifier"),
    ]

    private static let all =
        architecture + [PlanOption("convolution", \.convolution, .choice, help: "the convolution algorithm")]

    /// Puts what was given over a plan.
    ///
    /// - Throws: `ArchitectureError` for stages that cannot be read, `UsageError` for a network that cannot be built.
    static func apply(_ arguments: ParsedArguments, to plan: inout TrainingPlan) throws {
        try plan.take(all, from: arguments)
        do {
            try plan.architecture.validate()
        } catch {
            throw arguments.usageError(error.description)
        }
    }
}
