import Checkpoints
import Foundation
import TestSupport
import Testing
import Training

@Suite("Checkpoints are written behind training")
struct CheckpointWriterTests {
    private func checkpoint(step: Int) -> Checkpoint {
        Checkpoint(metadata: [CheckpointKey.step: "\(step)"])
    }

    private func steps(_ path: String) throws -> [Int] {
        try CheckpointDirectory(path: path).list().map(\.step)
    }

    // Guards: all that was handed over is on disk after finish(), in order, the oldest ones pruned.
    @Test func writesAllInOrder() throws {
        let run = try SmallRun()
        let writer = CheckpointWriter(directory: CheckpointDirectory(path: run.directory), keep: 3)
        for step in 1...20 { writer.add(checkpoint(step: step)) }
        try writer.finish()
        #expect(try steps(run.directory) == [18, 19, 20])
        #expect(writer.takeProblems().isEmpty)
    }

    // Guards: a failure that passes costs nothing: the write is tried again and succeeds.
    @Test func triesAgain() throws {
        let run = try SmallRun()
        // What stands in the checkpoint's place lets every attempt fail, until it is gone.
        let occupied = run.directory + "/checkpoint-00000001.safetensors"
        try FileManager.default.createDirectory(atPath: occupied + "/occupied", withIntermediateDirectories: true)
        let writer = CheckpointWriter(
            directory: CheckpointDirectory(path: run.directory), keep: 3,
            pauses: Array(repeating: 0.02, count: 1_000_000))
        writer.add(checkpoint(step: 1))
        let written = WrittenRun(run.directory)
        try Patience.wait(for: "an attempt") { written.isSaving }
        try Patience.wait(for: "its failure") { !written.isSaving }
        try FileManager.default.removeItem(atPath: occupied)
        try writer.finish()
        #expect(try steps(run.directory) == [1])
        #expect(writer.takeProblems().isEmpty)
    }

    // Guards: a failure that stays is told once, is thrown at the end, and is forgotten when a later write succeeds.
    @Test func tellsWhatItGaveUp() throws {
        let run = try SmallRun()
        let missing = run.directory + "/missing"
        let writer = CheckpointWriter(directory: CheckpointDirectory(path: missing), keep: 3, pauses: [0.01])
        writer.add(checkpoint(step: 1))
        #expect(throws: CheckpointError.self) { try writer.finish() }
        let problems = writer.takeProblems().map(\.description)
        #expect(problems.count == 1 && problems[0].contains("checkpoint-00000001") && problems[0].contains("create it"))
        #expect(writer.takeProblems().isEmpty)
        try FileManager.default.createDirectory(atPath: missing, withIntermediateDirectories: true)
        writer.add(checkpoint(step: 2))
        try writer.finish()
        #expect(try steps(missing) == [2])
    }

    // Guards: training never waits out the pauses of a checkpoint that cannot be written.
    @Test(.endsHangs) func theNextOneDoesNotWaitForAttempts() throws {
        let run = try SmallRun()
        let occupied = run.directory + "/checkpoint-00000001.safetensors/occupied"
        try FileManager.default.createDirectory(atPath: occupied, withIntermediateDirectories: true)
        let writer = CheckpointWriter(directory: CheckpointDirectory(path: run.directory), keep: 3, pauses: [3600])
        writer.add(checkpoint(step: 1))
        writer.add(checkpoint(step: 2))
        try writer.finish()
        #expect(try steps(run.directory).contains(2))
        #expect(writer.takeProblems().count == 1)
    }

    // Guards: what --checkpoint-every takes, and that nothing else passes.
    @Test func intervals() {
        #expect(CheckpointInterval("500") == .steps(500))
        #expect(CheckpointInterval("10m") == .seconds(600))
        for text in ["", "m", "0", "0m", "-5", "+5", "1.5m", "10 m", "10s", "10M", "99999999999999999999"] {
            #expect(CheckpointInterval(text) == nil, "\(text)")
        }
    }
}
