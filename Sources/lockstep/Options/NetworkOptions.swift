import CommandLineArguments
import Foundation
import Layers
import Training

/// The options that describe a network.
enum NetworkOptions {
    /// Under their title.
    static let section = OptionSection("Network", all)

    private static let usual = StagedNetwork.article

    /// What the network is made of: a whole one first, then what changes one of stages.
    static let architecture = [
        PlanOption(
            Option(
                "network", .path, placeholder: "FILE",
                help: "a network of blocks in JSON, as 'lockstep summary --json' prints one")
        ) { plan, path in
            if let path { plan.architecture = try read(path, over: plan.architecture) }
        },
        PlanOption(
            Option(
                "architecture", .choice(["article", "article-final-activation"]), default: "article",
                help: "the second ends with batch-norm and ReLU before the average pool")
        ) { plan, name in
            guard let named = Architecture.named[name] else { return }
            try change(&plan) { $0.finalActivation = named.finalActivation }
        },
        PlanOption(
            Option(
                "stages", .list, placeholder: "LIST",
                default: usual.stagesText.split(separator: ",").map(String.init),
                help: "channels and number of units of each stage")
        ) { plan, stages in
            let stages = try StagedNetwork.parseStages(stages.joined(separator: ","))
            try change(&plan) { $0.stages = stages }
        },
        PlanOption(
            Option("pooling", .choice, default: usual.pooling, help: "between stages: a pool, or a strided convolution")
        ) { plan, pooling in try change(&plan) { $0.pooling = pooling } },
        PlanOption(
            Option(
                "dropout", .number(.from(0, below: 1)), placeholder: "FRACTION", default: usual.dropout,
                help: "share of features dropped before the classifier")
        ) { plan, dropout in try change(&plan) { $0.dropout = dropout } },
    ]

    private static let all =
        architecture + [PlanOption("convolution", \.convolution, .choice, help: "the convolution algorithm")]

    /// Puts what was given over a plan.
    ///
    /// - Throws: `UsageError` for a network that cannot be read or built.
    static func apply(_ arguments: ParsedArguments, to plan: inout TrainingPlan) throws {
        do {
            try plan.take(all, from: arguments)
            try plan.architecture.validate()
        } catch let error as ArchitectureError {
            throw arguments.usageError(error.description)
        }
    }

    /// Changes the stages of a network that has them.
    private static func change(_ plan: inout TrainingPlan, _ body: (inout StagedNetwork) -> Void) throws {
        guard var staged = plan.architecture.staged else {
            throw ArchitectureError(
                "--stages, --pooling, --dropout and --architecture change a network of stages, which this one is not; change "
                    + "the file given to --network.")
        }
        body(&staged)
        try staged.validate(for: plan.architecture.image)
        plan.architecture.staged = staged
    }

    /// The network of a file; what it leaves out stays as in `usual`.
    private static func read(_ path: String, over usual: Architecture) throws -> Architecture {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ArchitectureError("\(path) cannot be read; give --network a file that describes a network.")
        }
        do throws(ArchitectureError) {
            return try Architecture(json: bytes, over: usual)
        } catch {
            throw ArchitectureError("\(path): \(error.description)")
        }
    }
}
