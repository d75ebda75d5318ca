import Foundation
import TestSupport
import Testing

@Suite("Files that may not grow any more", .serialized)
struct FullDiskTests {
    /// Trains under a limit on the size of files, in units of 1024 bytes.
    private func train(_ options: [String], kilobytes: Int, in directory: TestDirectory) throws -> Launch {
        let script = "ulimit -f \(kilobytes); exec \"$@\""
        let command = [Launch.product("lockstep")] + tinyTraining + ["--output", directory.path + "/run"] + options
        return try Launch.run(["bash", "-c", script, "bash"] + command)
    }

    // Guards: metrics that cannot be written are treated as checkpoints are: the run goes on and says so once, and it ends
    // with one sentence and code 5 only after its last checkpoint is written. The limit on file sizes kills nobody.
    @Test func metricsDoNotEndARun() throws {
        let directory = try TestDirectory()
        let reference = try TestDirectory()
        // So many steps that their lines take more room than the checkpoint.
        #expect(try train(["--max-steps", "1"], kilobytes: 100_000, in: reference).exitCode == 0)
        let run = directory.path + "/run"
        let bytes = try size(reference.path + "/run/checkpoint-00000001.safetensors")
        let line = try String(contentsOfFile: reference.path + "/run/metrics.jsonl", encoding: .utf8)
            .prefix { $0 != "\n" }.utf8.count
        let kilobytes = bytes / 1024 + 2
        let steps = kilobytes * 1024 / line * 2
        let launch = try train(
            ["--epochs", "1000000", "--max-steps", "\(steps)", "--keep", "1"], kilobytes: kilobytes, in: directory)
        #expect(launch.exitCode == 5 && launch.sentences.count == 1, "\(launch.errors)")
        #expect(launch.sentences.first?.contains("lines did not reach the disk: ") == true, "\(launch.errors)")
        #expect(launch.sentences.first?.contains("metrics.jsonl cannot be written: file too large") == true)
        let told = launch.output.split(separator: "\n").filter { $0.hasPrefix("Warning: training goes on and keeps") }
        #expect(told.count == 1, "\(launch.output)")
        #expect(try Launch.lockstep(["inspect", run]).output.contains("lockstep.step: \(steps)\n"))
        let written = try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8)
        #expect(written.hasSuffix("}\n") && written.utf8.count > kilobytes * 1024 - 2 * line)
    }

    // Guards: a last checkpoint that cannot be written is output that cannot be written, not a checkpoint that is damaged.
    @Test func lastCheckpointDoesNotFit() throws {
        let launch = try train(["--max-steps", "1"], kilobytes: 16, in: TestDirectory())
        #expect(launch.exitCode == 5 && launch.sentences.count == 1, "\(launch.errors)")
        #expect(launch.sentences.first?.contains("file too large. Raise the limit on file sizes") == true)
    }

    private func size(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }
}
