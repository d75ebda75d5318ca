import Foundation
import LockstepTraining
import OwnNetwork
import Testing
import ThreadRanks

// Guards: a package of one's own has the first promise for its own layer and its own images, and shows it without MPI's
// launcher: the same bytes on any number of ranks, and after going on with a run on another number of them.
@Test(arguments: [1, 3, 5]) func anyNumberOfRanksLearnsTheSame(ranks: Int) throws {
    let directory = NSTemporaryDirectory() + "own-training-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    func newest(_ run: String) throws -> Checkpoint {
        try CheckpointDirectory(path: "\(directory)/\(run)").newestGood()
    }

    let alone = try trainAndEvaluate(in: directory + "/alone", resume: false, over: SoloCommunicator())
    #expect(alone.images == 30 && alone.accuracy > 0.9)
    _ = try ThreadGroup.run(ranks: 2) { communicator in
        try trainAndEvaluate(in: directory + "/many", resume: false, maxSteps: 9, over: communicator)
    }
    let outcomes = try ThreadGroup.run(ranks: ranks) { communicator in
        try trainAndEvaluate(in: directory + "/many", resume: true, over: communicator)
    }
    #expect(outcomes.allSatisfy { $0 == alone })
    #expect(try newest("alone").tensors == newest("many").tensors)
}
