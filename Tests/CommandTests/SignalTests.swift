import Foundation
import TestSupport
import Testing

@Suite("Signals to a running lockstep", .serialized)
struct SignalTests {
    private static let training = tinyTraining + ["--epochs", "1000000", "--quiet"]

    /// Starts a training that does not end by itself, alone or on some ranks, and waits for its first step.
    private func start(_ run: WrittenRun, _ options: [String] = training, ranks: Int? = nil) throws -> RunningProgram {
        let launcher = ranks.map { Launch.mpirun(ranks: $0) } ?? []
        let program = try RunningProgram(
            launcher + [Launch.product("lockstep")] + options + ["--output", run.path], processes: ranks ?? 0)
        try program.wait(for: "the first step") { run.lastStep > 0 }
        return program
    }

    // Guards: each of the signals ends the run with its own exit code and one sentence that names the signal, after a
    // checkpoint that resumes to the same bits as a run that nobody stopped.
    @Test(arguments: [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGUSR1, "SIGUSR1")])
    func stopsWithACheckpoint(signal: Int32, name: String) throws {
        let directory = try TestDirectory()
        let run = WrittenRun(directory.file("run"))
        let program = try start(run)
        program.send(signal)
        let end = try program.end()
        #expect(end.exitCode == 11, "\(end)")
        #expect(
            end.errors.hasPrefix("lockstep: \(name) stopped the run after step ") && end.errors.contains("--resume"))
        try expectTheSame(run, in: directory)
    }

    // Guards: under mpirun, SIGUSR1 reaches every rank, and the code of the run is that of the job.
    @Test(arguments: [2, 3]) func stopsUnderMPI(ranks: Int) throws {
        let directory = try TestDirectory()
        let run = WrittenRun(directory.file("run"))
        let program = try start(run, ranks: ranks)
        program.send(SIGUSR1)
        let end = try program.end()
        #expect(end.exitCode == 11, "\(end)")
        #expect(
            end.sentences.count == 1 && end.sentences[0].contains("SIGUSR1 stopped the run after step "),
            "\(end.errors)")
        try expectTheSame(run, in: directory)
    }

    // Guards: a signal that comes before the first step stops the run after it, with a checkpoint, instead of killing it.
    // The start is held by a lock of a machine that cannot be seen, and goes on when that gives it back.
    @Test(
        arguments: [
            (SIGHUP, "SIGHUP", nil), (SIGTERM, "SIGTERM", nil), (SIGXCPU, "SIGXCPU", nil), (SIGUSR1, "SIGUSR1", 3),
        ] as [(Int32, String, Int?)])
    func stopsWhileItStarts(signal: Int32, name: String, ranks: Int?) throws {
        let directory = try TestDirectory()
        let run = WrittenRun(directory.file("run"))
        try FileManager.default.createDirectory(atPath: run.path, withIntermediateDirectories: true)
        let lock = run.path + "/writer-1.lock"
        try Data("0\ttoken\tlost-node\t77\tanother boot\t5\n".utf8).write(to: URL(fileURLWithPath: lock))
        let shown = try directory.write([], "shown")
        let launcher = ranks.map { Launch.mpirun(ranks: $0) } ?? []
        let program = try RunningProgram(
            launcher + [Launch.product("lockstep")] + tinyTraining + ["--epochs", "1000000", "--output", run.path],
            processes: ranks ?? 0, output: try FileHandle(forWritingTo: URL(fileURLWithPath: shown)))
        try program.wait(for: "the word that it waits") {
            try String(contentsOfFile: shown, encoding: .utf8).contains("cannot be seen from here")
        }
        #expect(run.lastStep == 0)
        program.send(signal)
        try FileManager.default.removeItem(atPath: lock)
        let end = try program.end()
        #expect(end.exitCode == 11 && end.sentences.count == 1, "\(end)")
        #expect(end.sentences.first?.contains("\(name) stopped the run after step ") == true, "\(end)")
        try expectTheSame(run, in: directory)
    }

    // Guards: a second Ctrl-C does not wait for anything, here for a step that never ends.
    @Test func aSecondInterruptEndsAtOnce() throws {
        let directory = try TestDirectory()
        let run = WrittenRun(directory.file("run"))
        let program = try start(run, Self.training + ["--inject", "stall:rank=0,step=2"])
        try program.wait(for: "the stall") { FileManager.default.fileExists(atPath: run.path + "/injected.txt") }
        program.send(SIGINT)
        // Two that wait to be delivered at the same time would be one.
        try program.wait(for: "the first interrupt's arrival") { try !isPending(SIGINT, program.processID) }
        program.send(SIGINT)
        #expect(try program.end().exitCode == 128 + SIGINT)
    }

    /// Whether a signal has been sent to a process and not yet been delivered to it, by proc(5).
    private func isPending(_ signal: Int32, _ process: Int32) throws -> Bool {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let masks = status.split(separator: "\n").filter { $0.hasPrefix("SigPnd:") || $0.hasPrefix("ShdPnd:") }
        return masks.contains { line in
            let mask = UInt64(line.split(separator: "\t").last ?? "", radix: 16) ?? 0
            return mask >> UInt64(signal - 1) & 1 == 1
        }
    }

    /// Resumes a stopped run for ten more steps on three ranks, and trains as many without a stop.
    private func expectTheSame(_ run: WrittenRun, in directory: TestDirectory) throws {
        let steps = ["--max-steps", "\(run.newestCheckpoint + 10)"]
        let resumed = try Launch.lockstep(
            ["train", "--data", "synthetic", "--resume", "--quiet", "--output", run.path] + steps, ranks: 3)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        let straight = directory.file("straight")
        let alone = try Launch.lockstep(Self.training + steps + ["--output", straight])
        #expect(alone.exitCode == 0, "\(alone.errors)")
        #expect(try Launch.digest(ofRun: run.path) == Launch.digest(ofRun: straight))
    }
}
