import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("A run outlives SIGKILL at any moment", .serialized)
struct KillTests {
    /// How far a start has come when it is killed.
    private enum Moment: CaseIterable {
        case beforeAnything, inStep, inSave, afterSave

        /// Whether the run has come there since it stood at `step`.
        func isReached(by run: WrittenRun, since step: Int) -> Bool {
            switch self {
            case .beforeAnything: true
            case .inStep: run.lastStep > step
            // One that is over before it is looked at was reached, too.
            case .inSave: run.isSaving || run.newestCheckpoint > step
            case .afterSave: run.newestCheckpoint > step
            }
        }
    }

    // Guards the third promise: a run that saves after every step is killed 200 times, in its start, its steps and its
    // saves, and resumed each time. No checkpoint under its name is ever a torn one, the run never falls back, and it
    // ends with the bits of a run that nobody killed, each step once in its metrics.
    @Test func twoHundredTimes() throws {
        let directory = try TestDirectory()
        let (run, straight) = (WrittenRun(directory.file("run")), directory.file("straight"))
        let options = tinyTraining + ["--epochs", "100000", "--checkpoint-every", "1", "--quiet"]
        let resume = ["train", "--data", "synthetic", "--resume", "--checkpoint-every", "1", "--quiet"]
        var random = RandomStream(seed: 11, purpose: .initialization)
        var reached = 0
        for number in 0..<200 {
            let moment = Moment.allCases[number % Moment.allCases.count]
            if reached == 0 { try? FileManager.default.removeItem(atPath: run.path) }
            let victim = try RunningProgram(
                [Launch.product("lockstep")] + (reached == 0 ? options : resume) + ["--output", run.path])
            try victim.wait(for: "\(moment) after step \(reached)") { moment.isReached(by: run, since: reached) }
            // Where between this moment and the next one the kill strikes is left to chance.
            usleep(UInt32(random.uniform(0, 20_000)))
            victim.send(SIGKILL)
            try #require(try victim.end().exitCode == 128 + SIGKILL, "it ended by itself")
            guard FileManager.default.fileExists(atPath: run.path) else { continue }
            let search = try CheckpointDirectory(path: run.path).newestValid()
            #expect(search.skipped.isEmpty, "\(search.skipped)")
            let step = search.location?.step ?? 0
            #expect(step >= reached + (moment == .afterSave ? 1 : 0))
            reached = step
        }
        let last = ["--max-steps", "\(reached + 5)"]
        let resumed = try Launch.lockstep(resume + ["--output", run.path] + last, ranks: 3)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        let alone = try Launch.lockstep(tinyTraining + ["--epochs", "100000", "--output", straight] + last)
        #expect(alone.exitCode == 0, "\(alone.errors)")
        #expect(try Launch.digest(ofRun: run.path) == Launch.digest(ofRun: straight))
        #expect(run.steps == Array(1...reached + 5))
    }
}
