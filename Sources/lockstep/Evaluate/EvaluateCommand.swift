import Collectives
import CommandLineArguments
import Foundation
import Reports
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
        let evaluation = try CheckpointEvaluation(over: communicator) {
            try CheckpointArgument.read(arguments[CheckpointArgument.definition])
        }
        var plan = evaluation.plan
        try plan.take([.limitTest], from: arguments)
        let threads = arguments[RankOptions.threads]
        let balance = try RankOptions.balance(arguments, communicator)
        let data = try RankAgreement(communicator).together {
            try plan.validate(ranks: communicator.size, threads: threads)
            return try DataOptions.loadTest(arguments, plan)
        }
        for notice in data.notices { try tell(notice) }
        let job = try JobStart(
            plan, threads: threads, balance: balance, over: communicator, warn: { Console.warn($0) })
        if balance != .even, let sentence = job.sentence { try tell(sentence) }
        let outcome = try evaluation.run(on: data.test, job)
        guard communicator.rank == 0 else { return }
        if arguments[Self.json] {
            let document = Document(
                accuracy: outcome.accuracy, images: outcome.images, loss: outcome.loss, right: outcome.right)
            try Console.write(json: document, .line)
        } else {
            try Console.write(Self.text(outcome))
        }
    }

    /// Says something to a person on rank 0, which a script does not ask for.
    private func tell(_ sentence: String) throws {
        if communicator.rank == 0, !arguments[Self.json] { try Console.write(sentence + "\n") }
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
