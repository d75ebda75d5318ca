import Failures
import Foundation
import Reports
import Training

/// A program that is started, waited for, and ended by its number if it takes too long or a person stops it.
struct ChildProcess {
    /// What it printed and how it ended.
    struct Outcome {
        let exitCode: Int32
        let output: String
        let errors: String
    }

    /// The words of the command line, the first of which is looked for in PATH.
    let words: [String]

    /// How long a process has to end after SIGTERM before it is killed, in seconds.
    private static let grace = 5.0

    /// The path of a program that can be started by this name; nil without one.
    static func path(of name: String) -> String? {
        let files = FileManager.default
        if name.contains("/") { return files.isExecutableFile(atPath: name) ? name : nil }
        let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return directories.map { "\($0)/\(name)" }.first { files.isExecutableFile(atPath: $0) }
    }

    /// Runs it to its end.
    ///
    /// - Throws: `RunFailure` when it cannot be started, does not end within `seconds`, or a signal asks to stop.
    func run(seconds: Int) throws(RunFailure) -> Outcome {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("lockstep-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let process = Process()
        // Files, not pipes: whatever it prints, it never has to wait for a reader.
        let (output, errors) = (directory.appendingPathComponent("output"), directory.appendingPathComponent("errors"))
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            for file in [output, errors] { try Data().write(to: file) }
            process.standardOutput = try FileHandle(forWritingTo: output)
            process.standardError = try FileHandle(forWritingTo: errors)
            process.standardInput = FileHandle.nullDevice
            process.executableURL = URL(fileURLWithPath: Self.path(of: words[0]) ?? words[0])
            process.arguments = Array(words.dropFirst())
            try process.run()
        } catch {
            throw RunFailure(
                .internalFailure, "\(words[0]) cannot be started: \(SystemReason.text(of: error)).", isShared: true)
        }
        try wait(for: process, seconds: seconds)
        return Outcome(
            exitCode: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: (try? String(contentsOf: output, encoding: .utf8)) ?? "",
            errors: (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
    }

    private func wait(for process: Process, seconds: Int) throws(RunFailure) {
        let deadline = Date().addingTimeInterval(Double(seconds))
        while process.isRunning {
            if let stop = Self.stop {
                Self.end(process)
                throw stop
            }
            guard Date() < deadline else {
                Self.end(process)
                throw RunFailure(
                    .stalled,
                    "'\(words.joined(separator: " "))' did not end within \(seconds) seconds and was ended; look at its "
                        + "hosts, or raise --time-limit.", isShared: true)
            }
            usleep(20_000)
        }
        // Ctrl-C on a terminal reaches the launcher as well, which may be gone before it is noticed here.
        if let stop = Self.stop { throw stop }
    }

    /// What a signal that has come means for the measurement.
    private static var stop: RunFailure? {
        StopSignals.received.map {
            RunFailure(
                .interrupted, "Stopped by \($0); the measurement under way was ended, and nothing is written.",
                isShared: true)
        }
    }

    /// mpirun ends its ranks on SIGTERM; what is deaf to it is killed.
    private static func end(_ process: Process) {
        process.terminate()
        let deadline = Date().addingTimeInterval(grace)
        while process.isRunning, Date() < deadline { usleep(20_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}
