import Checkpoints
import Collectives
import Datasets
import Failures
import Foundation
import Layers
import Tensors
import TestSupport
import Testing
import ThreadRanks
import Training

/// What a program of one's own consists of: its data, its plan, and a few calls.
private struct OwnProgram: Sendable {
    let directory: String
    var training = StripedImages(count: 44)
    let test = StripedImages(count: 17, seed: 2)

    /// Trains, or goes on with what is there; every rank calls it.
    func train(resume: Bool = false, over communicator: any Communicator) throws {
        var options = RunOptions(output: directory)
        options.resume = resume
        options.checkpointEvery = .steps(1)
        try TrainingRun.start(
            options, over: communicator,
            plan: { stored in
                var plan = stored ?? TrainingPlan()
                // As a program says it every time; the images that the run follows are those of its data.
                plan.architecture = Architecture(
                    StagedNetwork(stages: [.init(width: 8, units: 1), .init(width: 16, units: 1)]))
                plan.globalBatch = 12
                plan.epochs = 6
                plan.augmentation = .none
                return plan
            },
            data: { _ in RunData(training: training, test: test, notices: []) })
    }

    /// What it has written last.
    var newest: Checkpoint { get throws { try CheckpointDirectory(path: directory).newestGood() } }

    /// Measures what was trained; every rank calls it.
    func evaluate(threads: Int = 1, over communicator: any Communicator) throws -> EvaluationOutcome {
        let evaluation = try CheckpointEvaluation(over: communicator) {
            try newest
        }
        return try evaluation.run(on: test, JobStart(evaluation.plan, threads: threads, over: communicator))
    }
}

@Suite("A program of one's own, with images in memory", .endsHangs)
struct OwnProgramTests {
    // Guards: a few lines train a network on images of any shape, and measure it; it has learnt what there is to learn.
    @Test func trainsAndEvaluatesAlone() throws {
        let directory = try TestDirectory()
        let program = OwnProgram(directory: directory.file("run"))
        let alone = SoloCommunicator()
        try program.train(over: alone)
        let outcome = try program.evaluate(over: alone)
        #expect(outcome.images == 17 && outcome.accuracy > 0.9, "\(outcome)")
        let plan = try RunCheckpoint(reading: program.newest).plan
        #expect(plan.architecture.image == program.test.shape && plan.architecture.classes == 3)
    }

    // Guards the first promise for such a program: a run that dies goes on, on other ranks, from its newest checkpoint,
    // and ends with the bytes of one that nothing happened to; whoever evaluates it gets the same figures.
    @Test(arguments: [(1, 3), (3, 5), (5, 1)]) func diesAndGoesOn(before: Int, after: Int) throws {
        let directory = try TestDirectory()
        let straight = OwnProgram(directory: directory.file("straight"))
        let alone = SoloCommunicator()
        try straight.train(over: alone)

        // Each rank reads all of them once to normalise; then they are lost within the first three epochs.
        var program = OwnProgram(directory: directory.file("resumed"))
        let lost = StripedImages(count: 44)
        program.training = lost
        lost.lose(after: 44 * (before + 2))
        let dying = program
        #expect { try ThreadGroup.run(ranks: before) { try dying.train(over: $0) } } throws: {
            ($0 as? RunFailure)?.exitCode == .data
        }
        let reached = try CheckpointDirectory(path: program.directory).list().last?.step
        #expect(reached.map { (1..<24).contains($0) } == true)

        program.training = StripedImages(count: 44)
        let reborn = program
        let outcomes = try ThreadGroup.run(ranks: after) { communicator in
            try reborn.train(resume: true, over: communicator)
            return try reborn.evaluate(over: communicator)
        }
        let (one, other) = (try straight.newest, try reborn.newest)
        #expect(one.metadata == other.metadata && one.tensors == other.tensors)
        let expected = try straight.evaluate(over: alone)
        #expect(outcomes.allSatisfy { $0 == expected })
    }
}
