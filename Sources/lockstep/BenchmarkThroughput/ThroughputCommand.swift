import Collectives
import CommandLineArguments
import Foundation
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
        try NetworkOptions.apply(arguments, NetworkOptions.file(arguments, communicator), to: &plan)
        try plan.take([.globalBatch, .seed] + RankOptions.settings, from: arguments)
        let balance = try RankOptions.balance(arguments, communicator)
        let job = try JobStart(
            plan, threads: threads, balance: balance, over: communicator, warn: { Console.warn($0) })
        var largest: LargestMemory?
        let writer = try metricsWriter()
        let steps = try ThroughputBenchmark(
            plan, communicator: communicator, threads: threads, shares: job.shares,
            warmupSteps: arguments[Self.warmupSteps], steps: arguments[Self.steps]
        ).run(
            record: { try writer?.append(.step($0)) }, whileHeld: { largest = try LargestMemory(over: communicator) })
        let accounts = try RankAccounts(steps, over: communicator)
        guard communicator.rank == 0, let memory = largest,
            let summary = ThroughputSummary(globalBatch: plan.globalBatch, stepSeconds: steps.map(\.total))
        else { return }
        if arguments[Self.json] {
            let line = ThroughputLine(
                ranks: communicator.size, threads: threads, globalBatch: plan.globalBatch,
                bucketBytes: plan.bucketByteCount(ranks: communicator.size),
                imagesPerSecond: summary.imagesPerSecond, bestImagesPerSecond: summary.bestImagesPerSecond,
                privateMemoryBytes: memory.privateBytes, peakResidentBytes: memory.peakResidentBytes,
                granulesByRank: job.shares.counts, account: accounts.mean, byRank: accounts.byRank,
                warning: job.sharingWarning)
            try Console.write(json: line, .line)
        } else {
            try Console.write(text(summary, accounts, memory, plan, job))
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

    private func text(
        _ summary: ThroughputSummary, _ accounts: RankAccounts, _ memory: LargestMemory, _ plan: TrainingPlan,
        _ job: JobStart
    ) -> String {
        let ranks = communicator.size
        var lines = [
            "\(NumberFormat.counted(ranks, "rank")), \(NumberFormat.counted(threads, "thread")) each, global batch \(plan.globalBatch): "
                + "\(NumberFormat.rate(summary.imagesPerSecond)) images/s, best "
                + NumberFormat.rate(summary.bestImagesPerSecond),
            "Median step\(ranks == 1 ? "" : ", mean of the ranks"): " + ProgressFormat.account(accounts.mean),
        ]
        if let sentence = job.sentence { lines.append(sentence) }
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
