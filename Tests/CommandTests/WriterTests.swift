import Foundation
import TestSupport
import Testing

@Suite("One run directory, one writer", .serialized)
struct WriterTests {
    private static let resume = ["train", "--data", "synthetic", "--resume", "--quiet"]

    private func locks(_ run: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: run).filter { $0.contains("writer") }
    }

    // Guards: while a run is written, another start with its directory, as a continuation or as a new run, on any number of
    // ranks, is refused with host and process of the first; killed, it is no obstacle; and an end leaves no lock.
    @Test(.endsHangs, arguments: [nil, 3]) func refusesASecondWriter(ranks: Int?) throws {
        let directory = try TestDirectory()
        let run = WrittenRun(directory.file("run"))
        let first = try RunningProgram(
            [Launch.product("lockstep")] + tinyTraining + ["--epochs", "1000000", "--quiet", "--output", run.path])
        try first.wait(for: "the first checkpoint") { run.newestCheckpoint > 0 }
        for arguments in [Self.resume, tinyTraining] {
            let second = try Launch.lockstep(arguments + ["--output", run.path], ranks: ranks)
            #expect(second.exitCode == 5 && second.sentences.count == 1, "\(second.errors)")
            #expect(second.sentences.first?.contains("(process \(first.processID))") == true, "\(second.errors)")
        }
        #expect(first.isRunning)
        #expect(try locks(run.path).count == 1)
        first.send(SIGKILL)
        #expect(try first.end().exitCode == 128 + SIGKILL)
        let third = try Launch.lockstep(Self.resume + ["--max-steps", "1", "--output", run.path], ranks: ranks)
        #expect(third.exitCode == 0, "\(third.errors)")
        #expect(try locks(run.path).isEmpty)
    }

    // Guards: a lock of another machine, which nobody renews, is waited for, with a word, and taken over.
    @Test(.endsHangs) func outlivesALostMachine() throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        #expect(try Launch.lockstep(tinyTraining + ["--epochs", "1", "--quiet", "--output", run]).exitCode == 0)
        try Data("0\ttoken\tlost-node\t77\tanother boot\t5\n".utf8).write(
            to: URL(fileURLWithPath: run + "/writer-3.lock"))
        let resumed = try Launch.lockstep(
            ["train", "--data", "synthetic", "--resume", "--epochs", "2", "--output", run])
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        #expect(resumed.output.contains("lost-node (process 77), which cannot be seen from here"), "\(resumed.output)")
        #expect(try locks(run).isEmpty)
    }

    // Guards: a run that was killed before it wrote anything but its lock does not keep a new one from the directory, and a
    // run that fails leaves no lock.
    @Test(arguments: [nil, 2]) func aLockAloneIsNoRun(ranks: Int?) throws {
        let directory = try TestDirectory()
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        let space = own + boot.trimmingCharacters(in: .whitespacesAndNewlines)
        try Data("0\ttoken\tsomewhere\t1\t\(space)\t999999999\n".utf8).write(
            to: URL(fileURLWithPath: directory.path + "/writer-1.lock"))
        let failed = try Launch.lockstep(
            tinyTraining + ["--learning-rate", "1e30", "--output", directory.path], ranks: ranks)
        #expect(failed.exitCode == 8, "\(failed.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["metrics.jsonl"])
    }

    // Guards: runs without a name that start at the same moment each get a directory of their own.
    @Test(.endsHangs) func nameless() throws {
        let directory = try TestDirectory()
        let command = ["env", "-C", directory.path, Launch.product("lockstep")] + tinyTraining
        let runs = try (0..<6).map { _ in try RunningProgram(command + ["--epochs", "1", "--quiet"]) }
        for run in runs { #expect(try run.end().exitCode == 0) }
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path + "/runs")
        #expect(names.count == 6)
        for name in names {
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/runs/\(name)").sorted()
            #expect(files == ["checkpoint-00000003.safetensors", "metrics.jsonl"])
        }
    }
}
