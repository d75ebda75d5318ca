import Collectives
import Datasets
import GradientExchange
import Layers
import Tensors

/// Evaluates a checkpoint that rank 0 has read: the other ranks are sent the weights.
public struct CheckpointEvaluation {
    private let plan: TrainingPlan
    private let checkpoint: RunCheckpoint?
    private let test: any LabelledImages
    private let communicator: any Communicator
    private let threads: Int
    private let shares: GranuleShares

    /// An evaluation of `checkpoint`, which is needed on rank 0 only, on the images of `test`. `shares` are the granules
    /// of each rank, even unless given.
    public init(
        _ plan: TrainingPlan, checkpoint: RunCheckpoint?, test: any LabelledImages, communicator: any Communicator,
        threads: Int = 1, shares: GranuleShares? = nil
    ) {
        self.plan = plan
        self.checkpoint = checkpoint
        self.test = test
        self.communicator = communicator
        self.threads = threads
        self.shares = shares ?? plan.evenShares(ranks: communicator.size)
    }

    /// Runs it; every rank calls it and gets the same outcome.
    public func run() throws -> EvaluationOutcome {
        let agreement = RankAgreement(communicator)
        let trainer = try Trainer(
            plan, communicator: communicator, threads: threads, shares: shares, stepsPerEpoch: 1)
        var normalization: Normalization?
        let maps = try agreement.fromDriver {
            guard let checkpoint else { return [] }
            try RunCheckpoint.restoreWeights(checkpoint.content, into: trainer.network)
            let own = try checkpoint.normalization()
            normalization = own
            return (own.mean + own.standardDeviation).withUnsafeBytes { Array($0) }
        }
        try trainer.copyFromDriver()
        let shared = normalization ?? Self.normalization(from: maps)
        let cut = GranulePlan(sampleCount: plan.microBatches.largest, shares: shares)
        return try agreement.together {
            try Evaluation(
                trainer.network, communicator: communicator, exchange: trainer.exchange, imageCount: test.count,
                maximumImages: max(1, cut.capacity(ofRank: communicator.rank)), shares: shares,
                source: RunData.source(test, shared))
        }.run()
    }

    private static func normalization(from bytes: [UInt8]) -> Normalization {
        let values = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        let half = values.count / 2
        return Normalization(mean: Array(values[..<half]), standardDeviation: Array(values[half...]))
    }
}
