import Foundation

/// A program that runs beside the test that started it, its output kept in files: nothing that it leaves behind can keep
/// the test waiting for the end of a pipe.
public final class RunningProgram {
    private let process = Process()
    private let directory: TestDirectory
    private let budget: Int

    /// The number of the process, which is the command itself.
    public var processID: Int32 { process.processIdentifier }

    /// Whether it has not ended yet.
    public var isRunning: Bool { process.isRunning }

    /// Starts `command`.
    ///
    /// - Parameters:
    ///   - processes: how many ranks and hosts it starts; it waits until other tests leave so many free.
    ///   - environment: variables in addition to those of the tests.
    ///   - output: a file handle or a pipe for its standard output, in place of a file.
    public init(
        _ command: [String], processes: Int = 0, environment: [String: String] = [:], output: Any? = nil
    ) throws {
        directory = try TestDirectory()
        budget = ProcessBudget.shared.take(processes)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // env becomes the command, so its number is the command's. Threads of a test block signals, and children would
        // inherit that.
        process.arguments = ["--default-signal"] + command
        process.environment = Self.variables.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let file = try Self.file(directory.path + "/output")
        process.standardOutput = output ?? file
        process.standardError = try Self.file(directory.path + "/errors")
        try process.run()
    }

    deinit {
        if process.isRunning { kill(processID, SIGKILL) }
        ProcessBudget.shared.giveBack(budget)
    }

    /// Sends a signal.
    public func send(_ signal: Int32) { kill(processID, signal) }

    /// Waits until something has come about that this program brings about.
    ///
    /// - Throws: when it ends before, with what it wrote; `Patience.Hang` when neither happens.
    public func wait(for event: String, until isReached: () throws -> Bool) throws {
        try Patience.wait(for: event) {
            if try isReached() { return true }
            if isRunning { return false }
            // What it did last may have been just that.
            if try isReached() { return true }
            throw EarlyEnd(event: event, launch: try end())
        }
    }

    /// Waits for its end, and returns what came of it. One that hangs is killed, which shows in its exit code, 137.
    public func end() throws -> Launch {
        do {
            try Patience.wait(for: "the end of \(process.arguments!.joined(separator: " "))") { !isRunning }
        } catch is Patience.Hang {
            kill(processID, SIGKILL)
        }
        process.waitUntilExit()
        let isSignal = process.terminationReason == .uncaughtSignal
        return Launch(
            exitCode: process.terminationStatus + (isSignal ? 128 : 0),
            output: try String(contentsOfFile: directory.path + "/output", encoding: .utf8),
            errors: try String(contentsOfFile: directory.path + "/errors", encoding: .utf8))
    }

    /// A program ended before what was waited for.
    public struct EarlyEnd: Error, CustomStringConvertible {
        let event: String
        let launch: Launch
        /// The sentence that a failed test shows.
        public var description: String { "the program ended before \(event): \(launch)" }
    }

    /// The environment of the tests without what a launcher may have left in it; tests in containers run as root.
    private static var variables: [String: String] {
        let launchers = ["OMPI_", "PMI", "SLURM_"]
        var variables = ProcessInfo.processInfo.environment.filter { variable in
            !launchers.contains { variable.key.hasPrefix($0) }
        }
        variables["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
        variables["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
        return variables
    }

    private static func file(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
}
