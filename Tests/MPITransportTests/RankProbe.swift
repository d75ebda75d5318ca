import Foundation

/// Runs rank-probe, under mpirun or by itself, and never longer than a limit.
struct RankProbe {
    /// How a run ended.
    struct Outcome {
        /// The exit code, or the negative number of the signal.
        let status: Int32
        /// The standard output.
        let output: String
        /// The standard error.
        let errors: String
        /// The time it took.
        let seconds: Double
    }

    /// The number of ranks for mpirun, or nil to run without it.
    var ranks: Int?
    /// Variables in addition to the environment of the tests.
    var environment: [String: String] = [:]
    /// The time after which the run is killed, in seconds.
    var limit = 30.0

    /// Runs rank-probe with `arguments`.
    func run(_ arguments: String...) throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rank-probe-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (output, errors) = (folder.appending(path: "output"), folder.appending(path: "errors"))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command + arguments
        process.environment = variables
        process.standardOutput = try file(at: output)
        process.standardError = try file(at: errors)
        let start = Date()
        try process.run()
        while process.isRunning {
            if Date().timeIntervalSince(start) > limit { kill(process.processIdentifier, SIGKILL) }
            Thread.sleep(forTimeInterval: 0.01)
        }
        process.waitUntilExit()
        let seconds = Date().timeIntervalSince(start)
        let status = process.terminationStatus
        return Outcome(
            status: process.terminationReason == .exit ? status : -status,
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8), seconds: seconds)
    }

    private var command: [String] {
        guard let ranks else { return [Self.executable] }
        return ["mpirun", "--oversubscribe", "--bind-to", "none", "-np", "\(ranks)", Self.executable]
    }

    /// The environment of the tests without what a launcher may have left in it.
    private var variables: [String: String] {
        let launchers = ["OMPI_", "PMI", "SLURM_"]
        var variables = ProcessInfo.processInfo.environment.filter { variable in
            !launchers.contains { variable.key.hasPrefix($0) }
        }
        // Tests in containers run as root.
        variables["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
        variables["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
        return variables.merging(environment) { $1 }
    }

    /// rank-probe lies beside the program that runs the tests.
    private static var executable: String {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appending(path: "rank-probe").path(percentEncoded: false)
    }

    private func file(at url: URL) throws -> FileHandle {
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }
}
