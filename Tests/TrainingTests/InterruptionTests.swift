import Failures
import Foundation
import Synchronization
import Testing
import Training

@Suite("A signal stops a run without losing a step")
struct InterruptionTests {
    // Guards: whichever rank is asked to stop, all of them stop after the same step with the same sentence, a checkpoint
    // of that step is there, and the resumed run ends as one that nobody stopped, with no metric lost or doubled.
    @Test(arguments: [(1, 0), (2, 1), (3, 0), (3, 2), (5, 4)])
    func oneRanksSignalStopsAll(ranks: Int, asked: Int) throws {
        let run = try SmallRun()
        let straight = run.options("straight")
        try run.train(SmallRun.plan(), straight, ranks: 1)
        let stopped = run.options("stopped")
        let polls = Atomic(0)
        #expect {
            try run.train(SmallRun.plan(), stopped, ranks: ranks) { rank in
                guard rank == asked else { return nil }
                return polls.add(1, ordering: .relaxed).newValue >= 4 ? "SIGTERM" : nil
            }
        } throws: {
            let failure = $0 as? RunFailure
            return failure?.exitCode == .interrupted && failure?.isShared == true
                && failure!.description.contains("step 4 of 6") && failure!.description.contains("--resume")
        }
        #expect(try run.newest(stopped).metadata["lockstep.step"] == "4")
        try run.train(SmallRun.plan(), run.options("stopped") { $0.resume = true }, ranks: 2)
        #expect(try run.newest(stopped).metadata == run.newest(straight).metadata)
        #expect(try run.metrics(stopped).map(\.step) == run.metrics(straight).map(\.step))
    }
}
