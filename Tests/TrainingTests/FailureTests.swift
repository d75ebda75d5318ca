import Checkpoints
import Collectives
import Failures
import Layers
import Foundation
import Tensors
import Testing
import Training
import ThreadRanks

@Suite("Ranks fail together")
struct FailureTests {
    // Guards: what goes wrong on one rank becomes one sentence on all, naming it, and nobody is left waiting.
    @Test(arguments: [1, 2, 3, 5])
    func oneRanksFailureIsEveryones(ranks: Int) throws {
        let culprit = ranks / 2
        let failures = try ThreadGroup.run(ranks: ranks) { communicator -> RunFailure? in
            do {
                try RankAgreement(communicator).together {
                    if communicator.rank == culprit { throw RunFailure(.data, "the disk is gone.") }
                }
                return nil
            } catch let failure as RunFailure {
                return failure
            }
        }
        #expect(Set(failures.map { $0?.description }).count == 1)
        #expect(failures[0]?.exitCode == .data)
        #expect(failures[0]?.isShared == true)
        if ranks > 1 { #expect(failures[0]!.description.hasPrefix("Rank \(culprit) on ")) }
    }

    // Guards: rank 0's work reaches the others, and so does its failure.
    @Test(arguments: [1, 3])
    func theDriversFailureIsEveryones(ranks: Int) throws {
        let results = try ThreadGroup.run(ranks: ranks) { communicator -> (String, ExitCode?) in
            let agreement = RankAgreement(communicator)
            let text = try agreement.fromDriver { "step" }
            do {
                try agreement.fromDriver { () -> Void in throw RunFailure(.output, "no space.") }
                return ("", nil)
            } catch let failure as RunFailure {
                return (text, failure.exitCode)
            }
        }
        for result in results {
            #expect(result.0 == "step")
            #expect(result.1 == .output)
        }
    }

    // Guards: images of another shape than the network takes, or of more classes, are a failure of all ranks, not bytes
    // written past the end of a buffer: the test images of a run, and those that a checkpoint is evaluated on. A run that
    // could not start leaves no directory.
    @Test(arguments: [1, 3]) func imagesMustFitTheNetwork(ranks: Int) throws {
        let run = try SmallRun()
        let plan = SmallRun.plan { $0.epochs = 1 }
        let good = SmallRun.data(plan)
        let data = RunData(training: good.training, test: StripedImages(count: 8), notices: [])
        #expect { try run.train(plan, run.options("run"), ranks: ranks, data: data) } throws: {
            ($0 as? RunFailure)?.exitCode == .data && ($0 as? RunFailure)?.isShared == true
        }
        #expect(!FileManager.default.fileExists(atPath: run.options("run").output))

        try run.train(plan, run.options("run"), ranks: ranks)
        let failures = try ThreadGroup.run(ranks: ranks) { communicator in
            let evaluation = try CheckpointEvaluation(over: communicator) {
                try run.newest(run.options("run"))
            }
            let job = try JobStart(evaluation.plan, over: communicator)
            return #expect(throws: RunFailure.self) { try evaluation.run(on: StripedImages(count: 8), job) }
        }
        #expect(failures.allSatisfy { $0?.exitCode == .data && $0?.isShared == true })
    }

    // Guards: ranks of different builds, plans or data are found before they train.
    @Test(arguments: [2, 3])
    func differencesBetweenRanksAreNamed(ranks: Int) throws {
        let sentences = try ThreadGroup.run(ranks: ranks) { communicator -> String in
            do {
                let build = communicator.rank == ranks - 1 ? "new" : "old"
                try RankAgreement(communicator).requireSame([("build", build, "install the same one.")])
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(sentences.allSatisfy { $0.hasPrefix("Rank \(ranks - 1) on ") && $0.contains("another build") })
    }

    // Guards: a loss that is no number ends the run on all ranks before it reaches the weights.
    @Test(arguments: [1, 3])
    func divergenceEndsTheRun(ranks: Int) throws {
        let run = try SmallRun()
        let plan = SmallRun.plan {
            $0.optimizer.kind = .sgd
            $0.learningRate = 1e30
        }
        #expect { try run.train(plan, run.options("run"), ranks: ranks) } throws: {
            ($0 as? RunFailure)?.exitCode == .diverged
        }
    }

    // Guards: a checkpoint in the middle of a run that cannot be written does not end it: the next ones are written.
    @Test(arguments: [1, 3])
    func trainingOutlivesAnUnwritableCheckpoint(ranks: Int) throws {
        let run = try SmallRun()
        let options = run.options("run") { $0.checkpointEvery = .steps(1) }
        let place = options.output + "/checkpoint-00000002.safetensors/occupied"
        try run.train(SmallRun.plan(), options, ranks: ranks) { rank in
            if rank == 0 { try? FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true) }
            return nil
        }
        #expect(FileManager.default.fileExists(atPath: place))
        let straight = run.options("straight")
        try run.train(SmallRun.plan(), straight, ranks: 1)
        #expect(try run.newest(options).metadata == run.newest(straight).metadata)
    }

    // Guards: a run directory that is deleted or renamed under a run is output that cannot be written, on every rank, though
    // the sentence says that something is missing.
    @Test(arguments: [1, 3], [true, false])
    func directoryThatGoesAway(ranks: Int, isRenamed: Bool) throws {
        let run = try SmallRun()
        let options = run.options("run") { $0.auditEvery = 0 }
        #expect {
            try run.train(SmallRun.plan { $0.epochs = 1 }, options, ranks: ranks) { rank in
                guard rank == 0 else { return nil }
                if isRenamed {
                    rename(options.output, options.output + "-elsewhere")
                } else {
                    try? FileManager.default.removeItem(atPath: options.output)
                }
                return nil
            }
        } throws: {
            let failure = $0 as? RunFailure
            return failure?.exitCode == .output && failure!.description.contains("Its directory does not exist")
        }
    }

    // Guards: when the last checkpoint cannot be written the run ends with a sentence on every rank, and the earlier files
    // stay.
    @Test(arguments: [1, 2])
    func unwritableOutputIsASentence(ranks: Int) throws {
        let run = try SmallRun()
        let options = run.options("run")
        try run.train(SmallRun.plan { $0.epochs = 1 }, options, ranks: 1)
        let earlier = try Data(contentsOf: URL(fileURLWithPath: options.output + "/checkpoint-00000003.safetensors"))
        // A directory where the next checkpoint should go cannot be replaced by a file, even by root.
        try FileManager.default.createDirectory(
            atPath: options.output + "/checkpoint-00000006.safetensors/occupied", withIntermediateDirectories: true)
        #expect {
            try run.train(SmallRun.plan(), run.options("run") { $0.resume = true }, ranks: ranks)
        } throws: {
            ($0 as? RunFailure)?.exitCode == .output
        }
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: options.output + "/checkpoint-00000003.safetensors")) == earlier)
    }
}
