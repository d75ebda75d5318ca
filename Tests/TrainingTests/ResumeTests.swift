import Checkpoints
import Failures
import Foundation
import Layers
import Reports
import Testing
import Training

@Suite("A resumed run ends where an uninterrupted one does")
struct ResumeTests {
    // Guards: a stop in the middle of an epoch (and at its end), resumed on another number of ranks, ends with the
    // same bytes, and the metrics hold every step exactly once.
    @Test(arguments: [(2, 1, 3), (3, 2, 1), (5, 5, 2)])
    func weightsAreTheSame(stop: Int, before: Int, after: Int) throws {
        let run = try SmallRun()
        let plan = SmallRun.plan()
        try run.train(plan, run.options("straight"), ranks: 1)
        try run.train(plan, run.options("resumed") { $0.maxSteps = stop }, ranks: before)
        try run.train(plan, run.options("resumed") { $0.resume = true }, ranks: after)
        let straight = try run.newest(run.options("straight"))
        let resumed = try run.newest(run.options("resumed"))
        #expect(straight.metadata == resumed.metadata)
        #expect(straight.tensors == resumed.tensors)
        let steps = try run.metrics(run.options("resumed")).compactMap(\.stepMetrics).map(\.step)
        #expect(steps == [1, 2, 3, 4, 5, 6])
        let losses = try run.metrics(run.options("resumed")).compactMap(\.stepMetrics).map(\.loss)
        #expect(try losses == run.metrics(run.options("straight")).compactMap(\.stepMetrics).map(\.loss))
    }

    // Guards: a run goes on when the newest checkpoint is damaged, from the one before it.
    @Test func aDamagedCheckpointIsPassedOver() throws {
        let run = try SmallRun()
        let plan = SmallRun.plan()
        try run.train(plan, run.options("straight"), ranks: 1)
        let options = run.options("damaged") {
            $0.maxSteps = 4
            $0.checkpointEvery = .steps(1)
        }
        try run.train(plan, options, ranks: 1)
        let newest = options.output + "/" + CheckpointDirectory.fileName(step: 4)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: newest))
        bytes[bytes.count - 5] ^= 1
        try bytes.write(to: URL(fileURLWithPath: newest))
        try run.train(plan, run.options("damaged") { $0.resume = true }, ranks: 2)
        #expect(try run.newest(run.options("damaged")).tensors == run.newest(run.options("straight")).tensors)
    }

    // Guards: a plan that would compute something else is refused instead of continued.
    @Test func anotherPlanIsRefused() throws {
        let stored = SmallRun.plan()
        let changes: [(inout TrainingPlan) -> Void] = [
            { $0.architecture.staged?.stages[0].width = 8 }, { $0.architecture.staged?.dropout = 0 },
            { $0.globalBatch = 12 },
            { $0.seed = 9 }, { $0.shuffle = .none }, { $0.optimizer.kind = .sgd }, { $0.limitTrain = 60 },
        ]
        for change in changes {
            #expect(throws: RunFailure.self) { try SmallRun.plan(change).requireContinuation(of: stored) }
        }
        try SmallRun.plan { $0.epochs = 9 }.requireContinuation(of: stored)
        try SmallRun.plan { $0.learningRate = 1 }.requireContinuation(of: stored)
    }

    // Guards: weights of another network are refused with the name of the tensor, and nothing has changed by then.
    @Test func anotherArchitectureIsRefused() throws {
        let run = try SmallRun()
        try run.train(SmallRun.plan { $0.epochs = 1 }, run.options("run"), ranks: 1)
        let checkpoint = try run.newest(run.options("run"))
        let network = try Network(
            Architecture(StagedNetwork(stages: [.init(width: 12, units: 1), .init(width: 16, units: 1)])),
            maximumImages: 1)
        network.initialize(seed: 4)
        let before = network.parameters.values.values
        #expect { try RunCheckpoint.restoreWeights(checkpoint, into: network) } throws: {
            "\($0)".contains("units.0.conv.weight")
        }
        #expect(network.parameters.values.values == before)
    }
}
