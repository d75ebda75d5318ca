import Checkpoints
import Collectives
import Datasets
import Foundation
import Layers
import Reports
import Tensors
import Training
import ThreadRanks

/// A run small enough for a test: a tiny network on the first synthetic images, in a directory of its own.
final class SmallRun: Sendable {
    let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "lockstep-training-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// The plan: 70 images in batches of 24, so that the last batch of an epoch is short (22). The first convolution is
    /// one by patches, the second one by Winograd.
    static func plan(_ change: (inout TrainingPlan) -> Void = { _ in }) -> TrainingPlan {
        var plan = TrainingPlan()
        plan.architecture = Architecture(
            StagedNetwork(stages: [.init(width: 16, units: 1), .init(width: 32, units: 1)]))
        plan.epochs = 2
        plan.globalBatch = 24
        plan.limitTrain = 70
        plan.limitTest = 37
        plan.bucketBytes = 4096
        change(&plan)
        return plan
    }

    static func data(_ plan: TrainingPlan) -> RunData {
        RunData(
            training: SyntheticImages.training(limit: plan.limitTrain),
            test: SyntheticImages.test(limit: plan.limitTest), notices: [])
    }

    func options(_ name: String, _ change: (inout RunOptions) -> Void = { _ in }) -> RunOptions {
        var options = RunOptions(output: "\(directory)/\(name)", program: "test", buildDigest: "test")
        options.checkpointPauses = [0.01]
        change(&options)
        return options
    }

    /// Trains on some ranks, threads of this process; goes on with what lies in the directory if the options say so.
    /// The images are those of the plan unless given. `stopSignal` is asked by every rank about every step.
    func train(
        _ plan: TrainingPlan, _ options: RunOptions, ranks: Int, data: RunData? = nil,
        stopSignal: @escaping @Sendable (_ rank: Int) -> String? = { _ in nil }
    ) throws {
        let data = data ?? Self.data(plan)
        _ = try ThreadGroup.run(ranks: ranks) { communicator in
            try TrainingRun.start(
                options, over: communicator, stopSignal: { stopSignal(communicator.rank) }, plan: { _ in plan },
                data: { _ in data })
        }
    }

    /// The newest checkpoint's tensors and texts.
    func newest(_ options: RunOptions) throws -> Checkpoint {
        try CheckpointDirectory(path: options.output).newestValid().checkpoint!
    }

    /// The metrics of a run.
    func metrics(_ options: RunOptions) throws -> [MetricsRecord] {
        try MetricsReader.records(path: options.output + "/metrics.jsonl")
    }
}
