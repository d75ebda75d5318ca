import Collectives
import CommandLineArguments
import Foundation
import Reports
import Training

/// `lockstep evaluate CHECKPOINT`: accuracy and loss on the test images, shared out among the ranks.
struct EvaluateCommand {
    let arguments: ParsedArguments
    let communicator: any Communicator

    func run() throws {
        let evaluation = try CheckpointEvaluation(over: communicator) {
            try RunCheckpoint(reading: CheckpointArgument.read(arguments.positional("CHECKPOINT") ?? ""))
        }
        var plan = evaluation.plan
        if let limit = arguments.integer("limit-test") { plan.limitTest = limit }
        let threads = arguments.integer("threads") ?? 1
        let balance = try BalanceArgument.read(arguments, communicator)
        let data = try RankAgreement(communicator).together {
            try plan.validate(ranks: communicator.size, threads: threads)
            return try DataArgument.loadTest(arguments, plan)
        }
        for notice in data.notices { try tell(notice) }
        let job = try JobStart(
            plan, threads: threads, balance: balance, over: communicator, warn: { Console.warn($0) })
        if balance != .even, let sentence = job.sentence { try tell(sentence) }
        let outcome = try evaluation.run(on: data.test, job)
        guard communicator.rank == 0 else { return }
        if arguments.flag("json") {
            try Console.write(document: Self.json(outcome))
        } else {
            try Console.write(Self.text(outcome))
        }
    }

    /// Says something to a person on rank 0, which a script does not ask for.
    private func tell(_ sentence: String) throws {
        if communicator.rank == 0, !arguments.flag("json") { try Console.write(sentence + "\n") }
    }

    static func json(_ outcome: EvaluationOutcome) -> String {
        // JSON has no form for other numbers.
        let loss = outcome.loss.isFinite ? "\(outcome.loss)" : "null"
        return "{\"accuracy\":\(outcome.accuracy),\"images\":\(outcome.images),\"loss\":\(loss),"
            + "\"right\":\(outcome.right)}\n"
    }

    static func text(_ outcome: EvaluationOutcome) -> String {
        "accuracy \(NumberFormat.percentage(outcome.accuracy)) (\(NumberFormat.grouped(outcome.right)) of "
            + "\(NumberFormat.grouped(outcome.images)) images), loss \(NumberFormat.loss(outcome.loss))\n"
    }
}
