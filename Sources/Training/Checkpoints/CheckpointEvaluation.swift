import Collectives
import Datasets
import GradientExchange
import Granules
import Layers

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
        try agreement.together { try RunData.require(test, for: plan.architecture) }
        let trainer = try Trainer(
            plan, communicator: communicator, threads: threads, shares: shares, stepsPerEpoch: 1)
        let normalization = try agreement.fromDriver {
            guard let checkpoint else { preconditionFailure("rank 0 has the checkpoint") }
            try RunCheckpoint.restoreWeights(checkpoint.content, into: trainer.network)
            return try checkpoint.normalization()
        }
        try trainer.copyFromDriver()
        let cut = GranulePlan(sampleCount: plan.microBatches.largest, shares: shares)
        return try agreement.together {
            try Evaluation(
                trainer.network, communicator: communicator, exchange: trainer.exchange, imageCount: test.count,
                maximumImages: max(1, cut.capacity(ofRank: communicator.rank)), shares: shares,
                source: RunData.source(test, normalization))
        }.run()
    }
}
