import Checkpoints
import Datasets
import Failures
import Foundation
import Layers
import Optimizers
import Tensors

/// What a run puts into a checkpoint and takes out of it.
public struct RunCheckpoint: Sendable {
    /// The key under which the position is kept.
    static let positionKey = "lockstep.position"

    /// The plan of the run.
    public let plan: TrainingPlan
    /// Where it stood.
    public let position: RunPosition
    /// The fingerprint of its training data.
    public let dataFingerprint: String
    /// The tensors.
    public let content: Checkpoint

    /// Takes a snapshot of a run.
    public init(
        _ trainer: Trainer, position: RunPosition, normalization: Normalization, dataFingerprint: String,
        program: String
    ) throws {
        // Sorted keys: the same state gives the same bytes.
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var content = Checkpoint(metadata: [
            CheckpointKey.plan: trainer.plan.json, CheckpointKey.step: String(position.step),
            CheckpointKey.epoch: String(position.epoch),
            CheckpointKey.optimizerStep: String(trainer.optimizer.stepCount), CheckpointKey.data: dataFingerprint,
            CheckpointKey.program: program,
            Self.positionKey: String(decoding: try encoder.encode(position), as: UTF8.self),
        ])
        let network = trainer.network
        content.appendParameters(network.parameters.table, from: network.parameters.values)
        content.appendParameters(network.statisticsTable, from: network.statistics)
        let shape = normalization.shape.shape
        content.appendNormalization(
            mean: Tensor(shape, values: normalization.mean),
            standardDeviation: Tensor(shape, values: normalization.standardDeviation))
        for slot in trainer.optimizer.slots {
            content.appendOptimizerSlot(slot.name, network.parameters.table, from: slot.block)
        }
        plan = trainer.plan
        self.position = position
        self.dataFingerprint = dataFingerprint
        self.content = content
    }

    /// Reads what a run wrote, whose network may have the given blocks.
    ///
    /// - Throws: `CheckpointError` or `RunFailure` when the file holds no run.
    public init(reading content: Checkpoint, blocks: BlockCatalogue = .standard) throws {
        plan = try TrainingPlan(json: content.text(CheckpointKey.plan), blocks: blocks)
        dataFingerprint = try content.text(CheckpointKey.data)
        let text = try content.text(Self.positionKey)
        guard let position = try? JSONDecoder().decode(RunPosition.self, from: Data(text.utf8)), position.step >= 0,
            position.stepsPerEpoch > 0
        else {
            throw RunFailure(.checkpoint, "\(content.origin) does not say where its run stood; use another checkpoint.")
        }
        self.position = position
        self.content = content
    }

    /// The normalisation of the images the run was trained on.
    public func normalization() throws -> Normalization {
        let image = plan.architecture.image
        let maps = try content.normalization(shape: image.shape)
        return Normalization(
            shape: image, mean: maps.mean.values, standardDeviation: maps.standardDeviation.values)
    }

    /// Puts weights and running statistics into a network, wholly or, on an error, not at all.
    ///
    /// - Throws: `CheckpointError` when they are another network's.
    public static func restoreWeights(_ content: Checkpoint, into network: Network) throws {
        try content.restoreParameters([
            (network.parameters.table, network.parameters.values), (network.statisticsTable, network.statistics),
        ])
    }

    /// Puts the whole state back into a trainer.
    public func restore(into trainer: Trainer) throws {
        try Self.restoreWeights(content, into: trainer.network)
        for slot in trainer.optimizer.slots {
            try content.restoreOptimizerSlot(slot.name, trainer.network.parameters.table, into: slot.block)
        }
        trainer.optimizer.stepCount = try content.number(CheckpointKey.optimizerStep)
    }
}
