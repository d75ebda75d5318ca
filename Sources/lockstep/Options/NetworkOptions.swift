import Collectives
import CommandLineArguments
import Foundation
import Layers
import Training

/// The options that describe a network.
enum NetworkOptions {
    /// Under their title.
    static let section = OptionSection("Network", [file] + settings)

    /// A whole network.
    static let file = Option(
        "network", .path, placeholder: "FILE",
        help: "a network of blocks in JSON, as 'lockstep summary --blocks' prints one; rank 0 reads it")

    private static let usual = StagedNetwork.article

    /// What changes a network of stages.
    static let stages = [
        PlanOption(
            Option(
                "architecture", .choice(["article", activated]), default: "article",
                help: "the second ends with batch-norm and ReLU before the average pool")
        ) { plan, name in try change(&plan) { $0.finalActivation = name == activated } },
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

    private static let activated = "article-final-activation"

    private static let settings =
        stages + [PlanOption("convolution", \.convolution, .choice, help: "the convolution algorithm")]

    /// The file of a network as rank 0 has read it.
    struct File: Codable {
        let path: String
        let content: Data
    }

    /// The file given to `--network`, which only rank 0 must have; nil if none was. Every rank calls it.
    ///
    /// - Throws: `RunFailure`, the same on every rank, when rank 0 cannot read it or ranks were given different ones.
    static func file(_ arguments: ParsedArguments, _ communicator: any Communicator) throws -> File? {
        let agreement = RankAgreement(communicator)
        let path = arguments[file]
        try agreement.requireSame([("--network", path ?? "", "start every rank with the same options.")])
        guard let path else { return nil }
        return try agreement.fromDriver {
            guard let content = FileManager.default.contents(atPath: path) else {
                throw ArchitectureError("\(path) cannot be read; give --network a file that describes a network.")
            }
            return File(path: path, content: content)
        }
    }

    /// Puts what was given over a plan.
    ///
    /// - Throws: `UsageError` for a network that cannot be read or built.
    static func apply(_ arguments: ParsedArguments, _ file: File?, to plan: inout TrainingPlan) throws {
        do {
            if let file { plan.architecture = try read(file, over: plan.architecture) }
            try plan.take(settings, from: arguments)
            try plan.architecture.validate()
        } catch let error as ArchitectureError {
            throw arguments.usageError(error.description)
        }
    }

    /// What a file leaves out stays as in `usual`.
    private static func read(_ file: File, over usual: Architecture) throws(ArchitectureError) -> Architecture {
        do throws(ArchitectureError) {
            return try Architecture(json: file.content, over: usual)
        } catch {
            throw ArchitectureError("\(file.path): \(error.description)")
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
}
