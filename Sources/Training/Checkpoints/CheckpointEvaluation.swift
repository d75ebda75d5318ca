import Checkpoints
import Collectives
import Datasets
import GradientExchange
import Granules
import Layers

/// Evaluates a checkpoint that rank 0 reads: the other ranks are sent its weights.
public struct CheckpointEvaluation {
    /// The plan of the run that wrote it.
    public let plan: TrainingPlan
    // On rank 0 only.
    private let checkpoint: RunCheckpoint?
    private let communicator: any Communicator

    /// Has rank 0 read the checkpoint; every rank calls it.
    ///
    /// - Parameters:
    ///   - blocks: the blocks that its network may have.
    ///   - read: called on rank 0 only.
    /// - Throws: `RunFailure`, the same on every rank, when it cannot be read; `CommunicationError`.
    public init(
        over communicator: any Communicator, blocks: BlockCatalogue = .standard,
        reading read: () throws -> Checkpoint
    ) throws {
        var own: RunCheckpoint?
        let text = try RankAgreement(communicator).fromDriver {
            let checkpoint = try RunCheckpoint(reading: read(), blocks: blocks)
            own = checkpoint
            return checkpoint.plan.json
        }
        plan = try TrainingPlan(json: text, blocks: blocks)
        checkpoint = own
        self.communicator = communicator
    }

    /// Measures it on images; every rank calls it and gets the same outcome.
    ///
    /// - Parameter job: the start of a job with `plan`.
    /// - Throws: `RunFailure`, the same on every rank, when the images are not those of the network, or the system refuses
    ///   a rank the memory or the threads; `CommunicationError`.
    public func run(on test: any LabelledImages, _ job: JobStart) throws -> EvaluationOutcome {
        let agreement = RankAgreement(communicator)
        let advice = ResourceAdvice(threads: job.threads, ranks: communicator.size, choosesBatch: false)
        let batch = GranulePlan(sampleCount: plan.microBatches.largest, shares: job.shares)
        let maximumImages = batch.capacity(ofRank: communicator.rank)
        let network = try agreement.together {
            try RunData.require(test, for: plan.architecture)
            return try advice.adding {
                try Network(
                    plan.architecture, maximumImages: maximumImages, granuleCount: plan.granules,
                    subtreeCount: batch.subtrees(ofRank: communicator.rank).count, workers: job.threads,
                    convolution: plan.convolution, normalization: plan.normalization)
            }
        }
        let normalization = try restoreWeights(into: network, agreement)
        let exchange = try GradientExchange(
            communicator: communicator, parameters: network.parameters, reduction: plan.reduction)
        let evaluation = try agreement.together {
            try advice.adding {
                try Evaluation(
                    network, exchange, on: test, normalization: normalization, shares: job.shares,
                    maximumImages: maximumImages)
            }
        }
        return try evaluation.run()
    }

    /// Gives every rank the weights and the running statistics, and returns how the network's images were normalised.
    private func restoreWeights(into network: Network, _ agreement: RankAgreement) throws -> Normalization {
        let normalization = try agreement.fromDriver {
            guard let checkpoint else { preconditionFailure("rank 0 has the checkpoint") }
            try RunCheckpoint.restoreWeights(checkpoint.content, into: network)
            return try checkpoint.normalization()
        }
        try communicator.copyFromDriver([network.parameters.values, network.statistics])
        return normalization
    }
}
