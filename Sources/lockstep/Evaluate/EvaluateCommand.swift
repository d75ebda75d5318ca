import Collectives
import CommandLineArguments
import Foundation
import Hosts
import Reports
import Tensors
import Training

/// `lockstep evaluate CHECKPOINT`: accuracy and loss on the test images, shared out among the ranks.
struct EvaluateCommand: Command {
    static let definition = CommandDefinition(
        "evaluate", summary: "measure a checkpoint's accuracy and loss on the test images",
        positionals: [CheckpointArgument.definition],
        sections: [
            OptionSection("Data", [DataOptions.data, PlanOption.limitTest]), RankOptions.evaluationSection,
            OptionSection("Output", [json]),
        ])

    static let json = Option.flag("json", help: "print one JSON line instead of a sentence")

    let arguments: ParsedArguments
    let communicator: any Communicator

    func run() throws {
        let agreement = RankAgreement(communicator)
        var checkpoint: RunCheckpoint?
        var plan = try agreement.fromDriver {
            let read = try RunCheckpoint(reading: CheckpointArgument.read(arguments[CheckpointArgument.definition]))
            checkpoint = read
            return read.plan
        }
        try plan.take([.limitTest], from: arguments)
        let shared = plan
        let threads = arguments[RankOptions.threads]
        let balance = try RankOptions.balance(arguments, communicator)
        try agreement.together { try shared.validate(ranks: communicator.size, threads: threads) }
        let data = try agreement.together { try DataOptions.loadTest(arguments, shared) }
        if communicator.rank == 0, !arguments[Self.json] {
            for notice in data.notices { try Console.write(notice + "\n") }
        }
        let shares = try shares(balance, shared, threads: threads)
        let outcome = try CheckpointEvaluation(
            shared, checkpoint: checkpoint, test: data.test, communicator: communicator, threads: threads,
            shares: shares
        ).run()
        guard communicator.rank == 0 else { return }
        if arguments[Self.json] {
            let document = Document(
                accuracy: outcome.accuracy, images: outcome.images, loss: outcome.loss, right: outcome.right)
            try Console.write(json: document, .line)
        } else {
            try Console.write(Self.text(outcome))
        }
    }

    /// The granules of each rank, after warnings of the ranks' places and what was measured are told.
    private func shares(_ balance: Balance, _ plan: TrainingPlan, threads: Int) throws -> GranuleShares {
        let diagnosis = try Diagnosis(of: plan, balance, threads: threads, over: communicator)
        if communicator.rank == 0 { Console.warn(diagnosis.warnings) }
        let balanced = try BalancedShares(balance, plan, threads: threads, over: communicator)
        if communicator.rank == 0, balance != .even, !arguments[Self.json], let sentence = balanced.sentence {
            try Console.write(sentence + "\n")
        }
        return balanced.shares
    }

    /// What `--json` prints.
    private struct Document: Encodable {
        let accuracy: Double
        let images: Int
        let loss: Double
        let right: Int
    }

    static func text(_ outcome: EvaluationOutcome) -> String {
        "accuracy \(NumberFormat.percentage(outcome.accuracy)) (\(NumberFormat.grouped(outcome.right)) of "
            + "\(NumberFormat.grouped(outcome.images)) images), loss \(NumberFormat.loss(outcome.loss))\n"
    }
}
