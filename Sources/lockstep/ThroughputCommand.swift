import Collectives
import CommandLineArguments
import Reports
import Training

/// `lockstep benchmark throughput`: images per second of whole training steps on synthetic images.
struct ThroughputCommand {
    let arguments: ParsedArguments
    let communicator: any Communicator

    func run() throws {
        var plan = TrainingPlan()
        // What the peer's measurement trains with.
        plan.optimizer.kind = .sgd
        plan.optimizer.weightDecay = 5e-4
        plan.learningRate = 0.01
        try PlanArguments(arguments).applyNetworkAndRanks(to: &plan)
        plan.globalBatch = arguments.integer("global-batch") ?? plan.globalBatch
        plan.seed = arguments.integer("seed").map { UInt64($0) } ?? plan.seed
        let shared = plan
        try RankAgreement(communicator).together { try shared.validate(ranks: communicator.size) }
        let seconds = try ThroughputBenchmark(
            shared, communicator: communicator, warmupSteps: arguments.integer("warmup-steps") ?? 2,
            steps: arguments.integer("steps") ?? 10
        ).run()
        guard communicator.rank == 0,
            let summary = ThroughputSummary(globalBatch: shared.globalBatch, stepSeconds: seconds)
        else { return }
        Console.write(text(summary, shared))
    }

    private func text(_ summary: ThroughputSummary, _ plan: TrainingPlan) -> String {
        if arguments.flag("json") {
            return "{\"ranks\":\(communicator.size),\"threads\":1,\"global_batch\":\(plan.globalBatch),"
                + "\"images_per_second\":\(summary.imagesPerSecond),"
                + "\"best_images_per_second\":\(summary.bestImagesPerSecond)}\n"
        }
        return "\(communicator.size) ranks, 1 thread each, global batch \(plan.globalBatch): "
            + "\(NumberFormat.rate(summary.imagesPerSecond)), best \(NumberFormat.rate(summary.bestImagesPerSecond))\n"
    }
}
