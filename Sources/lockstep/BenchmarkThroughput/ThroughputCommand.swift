import Collectives
import CommandLineArguments
import Foundation
import Hosts
import Measurements
import Reports
import Training

/// `lockstep benchmark throughput`: images per second of whole training steps on synthetic images.
struct ThroughputCommand: Command {
    static let definition = CommandDefinition(
        "throughput", summary: "train on synthetic images and report images per second",
        discussion: "Reports the median and the best of the counted steps over all ranks.",
        sections: [
            OptionSection(
                "Measurement", [PlanOption.globalBatch, steps, warmupSteps, PlanOption.seed, json, metrics]),
            NetworkOptions.section, RankOptions.balancedSection,
        ])

    static let steps = Option("steps", .atLeastOne, default: 10, help: "steps to count")
    static let warmupSteps = Option(
        "warmup-steps", .integer(0...1_000_000), default: 2, help: "steps before the counted ones")
    private static let json = Option.flag("json", help: "print one JSON line")
    private static let metrics = Option(
        "metrics", .path, placeholder: "FILE",
        help: "append a line for every counted step, as training does to metrics.jsonl")

    let arguments: ParsedArguments
    let communicator: any Communicator

    func run() throws {
        var plan = TrainingPlan()
        // What the peer's measurement trains with.
        plan.optimizer.kind = .sgd
        plan.optimizer.weightDecay = 5e-4
        plan.learningRate = 0.01
        try NetworkOptions.apply(arguments, to: &plan)
        try plan.take([.globalBatch, .seed] + RankOptions.settings, from: arguments)
        let shared = plan
        let threads = threads
        let balance = try RankOptions.balance(arguments, communicator)
        try RankAgreement(communicator).together { try shared.validate(ranks: communicator.size, threads: threads) }
        let diagnosis = try Diagnosis(of: shared, balance, threads: threads, over: communicator)
        if communicator.rank == 0 { Console.warn(diagnosis.warnings) }
        let warning = diagnosis.sharingWarning
        let balanced = try BalancedShares(balance, shared, threads: threads, over: communicator)
        var largest: LargestMemory?
        let writer = try metricsWriter()
        let steps = try ThroughputBenchmark(
            shared, communicator: communicator, threads: threads, shares: balanced.shares,
            warmupSteps: arguments[Self.warmupSteps], steps: arguments[Self.steps]
        ).run(
            record: { try writer?.append(.step($0)) }, whileHeld: { largest = try LargestMemory(over: communicator) })
        let accounts = try RankAccounts(steps, over: communicator)
        guard communicator.rank == 0, let memory = largest,
            let summary = ThroughputSummary(globalBatch: shared.globalBatch, stepSeconds: steps.map(\.total))
        else { return }
        if arguments[Self.json] {
            try Console.write(document: json(summary, accounts, memory, shared, balanced, warning))
        } else {
            try Console.write(text(summary, accounts, memory, shared, balanced))
        }
    }

    private var threads: Int { arguments[RankOptions.threads] }

    /// Rank 0's file for `--metrics`.
    private func metricsWriter() throws -> MetricsWriter? {
        guard let path = arguments[Self.metrics] else { return nil }
        return try RankAgreement(communicator).together {
            communicator.rank == 0 ? try MetricsWriter(appending: path) : nil
        }
    }

    private func json(
        _ summary: ThroughputSummary, _ accounts: RankAccounts, _ memory: LargestMemory, _ plan: TrainingPlan,
        _ balanced: BalancedShares, _ warning: String?
    ) -> String {
        let byRank = accounts.byRank.map { "{\(fields(of: $0))}" }.joined(separator: ",")
        let words = warning.flatMap { try? JSONEncoder().encode($0) }.map { String(decoding: $0, as: UTF8.self) }
        return "{\"ranks\":\(communicator.size),\"threads\":\(threads),\"global_batch\":\(plan.globalBatch),"
            + "\"bucket_bytes\":\(plan.bucketByteCount(ranks: communicator.size)),\"images_per_second\":\(summary.imagesPerSecond),"
            + "\"best_images_per_second\":\(summary.bestImagesPerSecond),"
            + "\"private_memory_bytes\":\(memory.privateBytes.map(String.init) ?? "null"),"
            + "\"peak_resident_bytes\":\(memory.peakResidentBytes.map(String.init) ?? "null"),"
            + "\"granules_by_rank\":\(balanced.shares.counts),"
            + "\(fields(of: accounts.mean)),\"by_rank\":[\(byRank)],\"warning\":\(words ?? "null")}\n"
    }

    private func fields(of account: StepAccount) -> String {
        StepPhase.allCases.map { "\"\($0.key)\":\(account[$0])" }.joined(separator: ",")
    }

    private func text(
        _ summary: ThroughputSummary, _ accounts: RankAccounts, _ memory: LargestMemory, _ plan: TrainingPlan,
        _ balanced: BalancedShares
    ) -> String {
        let ranks = communicator.size
        var lines = [
            "\(NumberFormat.counted(ranks, "rank")), \(NumberFormat.counted(threads, "thread")) each, global batch \(plan.globalBatch): "
                + "\(NumberFormat.rate(summary.imagesPerSecond)) images/s, best "
                + NumberFormat.rate(summary.bestImagesPerSecond),
            "Median step\(ranks == 1 ? "" : ", mean of the ranks"): " + ProgressFormat.account(accounts.mean),
        ]
        if let sentence = balanced.sentence { lines.append(sentence) }
        if ranks > 1 { lines.append(comparison(accounts)) }
        if let sentence = memory.sentence { lines.append(sentence) }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Which rank the others wait for.
    private func comparison(_ accounts: RankAccounts) -> String {
        func ownWork(_ rank: Int) -> String {
            let account = accounts.byRank[rank]
            return DurationFormat.milliseconds(account[.compute] + account[.exchangeWork])
        }
        return "The slowest is rank \(accounts.slowestRank) with \(ownWork(accounts.slowestRank)) of its own work, "
            + "the fastest rank \(accounts.fastestRank) with \(ownWork(accounts.fastestRank))."
    }
}
