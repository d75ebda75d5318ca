import Foundation
import Testing

@Suite("Signals to a running lockstep", .serialized)
struct SignalTests {
    private static let training = tinyTraining + ["--epochs", "20000"]

    /// Starts a command, waits until its run has written something, lets `act` disturb it, and waits for its end.
    private func disturb(
        _ command: [String], run: String, _ act: (_ process: Int32) -> Void
    ) throws -> (code: Int32, reason: Process.TerminationReason, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // env becomes the command, so the process's number is the command's. Threads of a test block signals, which mpirun
        // would inherit; env undoes that.
        process.arguments = ["--default-signal=TERM", "--default-signal=INT", "--default-signal=USR1"] + command
        var environment = ProcessInfo.processInfo.environment
        if geteuid() == 0 {
            environment["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
            environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
        }
        process.environment = environment
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let metrics = run + "/metrics.jsonl"
        while process.isRunning, (try? Data(contentsOf: URL(fileURLWithPath: metrics)))?.isEmpty != false {
            usleep(5_000)
        }
        act(process.processIdentifier)
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, process.terminationReason, text)
    }

    // Guards: each of the three signals ends the run with its own exit code and one sentence that names the signal, after
    // a checkpoint that resumes to the same bits as a run that nobody stopped.
    @Test(.timeLimit(.minutes(2)), arguments: [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGUSR1, "SIGUSR1")])
    func stopsWithACheckpoint(signal: Int32, name: String) throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        let end = try disturb([Launch.product("lockstep")] + Self.training + ["--quiet", "--output", run], run: run) {
            kill($0, signal)
        }
        #expect(end.reason == .exit && end.code == 11, "\(end)")
        #expect(
            end.errors.hasPrefix("lockstep: \(name) stopped the run after step ") && end.errors.contains("--resume"))
        let step = try Launch.lockstep(["inspect", run]).output
        #expect(step.contains("lockstep.step"))
        try expectTheSame(run, in: directory)
    }

    // Guards: under mpirun, SIGUSR1 reaches every rank, and the code of the run is that of the job.
    @Test(.timeLimit(.minutes(2)), arguments: [2, 3]) func stopsUnderMPI(ranks: Int) throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        let launcher = ["mpirun", "--oversubscribe", "--bind-to", "none", "-np", "\(ranks)"]
        let end = try disturb(
            launcher + [Launch.product("lockstep")] + Self.training + ["--quiet", "--output", run], run: run
        ) { kill($0, SIGUSR1) }
        #expect(end.code == 11, "\(end)")
        let sentences = end.errors.split(separator: "\n").filter { $0.hasPrefix("lockstep: ") }
        #expect(sentences.count == 1 && sentences[0].contains("SIGUSR1 stopped the run after step "), "\(end.errors)")
        try expectTheSame(run, in: directory)
    }

    // Guards: a second Ctrl-C does not wait for anything.
    @Test(.timeLimit(.minutes(1))) func aSecondInterruptEndsAtOnce() throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        // Steps of seconds, so that the first signal cannot have ended the run when the second one comes.
        let slow = ["train", "--data", "synthetic", "--global-batch", "512", "--quiet", "--output", run]
        let end = try disturb([Launch.product("lockstep")] + slow, run: run) {
            kill($0, SIGINT)
            usleep(100_000)
            kill($0, SIGINT)
        }
        #expect(end.reason == .uncaughtSignal && end.code == SIGINT, "\(end)")
    }

    /// Resumes a stopped run for ten more steps on three ranks, and trains as many without a stop.
    private func expectTheSame(_ run: String, in directory: TestDirectory) throws {
        let line = try Launch.lockstep(["inspect", run]).output.split(separator: "\n")
            .first { $0.hasPrefix("lockstep.step") }
        let step = try #require(line.flatMap { Int($0.split(separator: " ").last ?? "") })
        let steps = ["--max-steps", "\(step + 10)", "--quiet"]
        let resumed = try Launch.lockstep(
            ["train", "--data", "synthetic", "--resume", "--output", run] + steps, ranks: 3)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        let straight = directory.path + "/straight"
        let alone = try Launch.lockstep(Self.training + steps + ["--output", straight])
        #expect(alone.exitCode == 0, "\(alone.errors)")
        #expect(try Launch.digest(ofRun: run) == Launch.digest(ofRun: straight))
    }
}
