import Checkpoints
import Tensors
import TestSupport
import Testing
import Training

@Suite("Where the system refuses a thread")
struct RefusedThreadTests {
    // Guards: a checkpoint is written by the caller instead, and a refused thread leaves nobody waiting.
    @Test(.endsHangs) func checkpointsAreWrittenByTheCaller() throws {
        let run = try SmallRun()
        let directory = CheckpointDirectory(path: run.directory)
        let writer = CheckpointWriter(
            directory: directory, keep: 3,
            startThread: { _, _ throws(ResourceError) in try SystemMemory.require(1 << 60) })
        for step in 1...3 {
            writer.add(Checkpoint(metadata: [CheckpointKey.step: "\(step)"]))
            #expect(try directory.list().map(\.step) == Array(1...step))
        }
        try writer.finish()
        #expect(writer.takeProblems().isEmpty)
    }
}
