import Checkpoints
import Foundation
import Tensors
import Testing

@Suite("A run outlives SIGKILL at any moment", .serialized)
struct KillTests {
    // Guards the third promise: a run that saves after every step is killed 200 times, at moments spread over its start,
    // its steps and its saves, and resumed each time. No checkpoint under its name is ever a torn one, the run never
    // falls back, and it ends with the bits of a run that nobody killed, each step once in its metrics.
    @Test(.timeLimit(.minutes(5))) func twoHundredTimes() throws {
        let directory = try TestDirectory()
        let (run, straight) = (directory.path + "/run", directory.path + "/straight")
        let options = tinyTraining + ["--epochs", "100000", "--checkpoint-every", "1", "--quiet"]
        var moments = RandomStream(seed: 11, purpose: .initialization)
        var reached = 0
        var kills = 0
        while kills < 200 {
            let isNew = reached == 0
            if isNew { try? FileManager.default.removeItem(atPath: run) }
            let victim = Process()
            victim.executableURL = URL(fileURLWithPath: Launch.product("lockstep"))
            victim.arguments =
                isNew
                ? options + ["--output", run]
                : ["train", "--data", "synthetic", "--resume", "--checkpoint-every", "1", "--quiet", "--output", run]
            try victim.run()
            usleep(UInt32(moments.uniform(10_000, 90_000)))
            kill(victim.processIdentifier, SIGKILL)
            victim.waitUntilExit()
            try #require(victim.terminationReason == .uncaughtSignal, "it ended by itself: \(victim.terminationStatus)")
            kills += 1
            guard FileManager.default.fileExists(atPath: run) else { continue }
            let search = try CheckpointDirectory(path: run).newestValid()
            #expect(search.skipped.isEmpty, "\(search.skipped)")
            let step = search.location?.step ?? 0
            #expect(step >= reached)
            reached = step
        }
        // How far it comes is a matter of speed; that it came somewhere is not.
        try #require(reached > 10, "the kills left no time to train")
        let last = ["--max-steps", "\(reached + 5)", "--quiet"]
        let resumed = try Launch.lockstep(
            ["train", "--data", "synthetic", "--resume", "--output", run] + last, ranks: 3)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        let alone = try Launch.lockstep(
            tinyTraining + ["--epochs", "100000", "--output", straight] + last, seconds: 120)
        #expect(alone.exitCode == 0, "\(alone.errors)")
        #expect(try Launch.digest(ofRun: run) == Launch.digest(ofRun: straight))
        #expect(try Self.steps(run) == Array(1...reached + 5))
    }

    /// The steps of a run's metrics, in their order.
    private static func steps(_ run: String) throws -> [Int] {
        try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8).split(separator: "\n").compactMap { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?["kind"] as? String == "step" ? object?["step"] as? Int : nil
        }
    }
}
