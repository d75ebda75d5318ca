import Foundation

/// One launch of the built `lockstep`, alone or under mpirun, and what came of it.
struct Launch {
    let exitCode: Int32
    let output: String
    let errors: String

    /// The directory of the products: the test bundle lies beside the executables.
    static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    /// The directory of the package.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The path of a script.
    static func script(_ name: String) -> String { "\(root)/scripts/\(name)" }

    /// What `check` of a script says against using it on this machine; nil if nothing.
    static func obstacle(toScript name: String) -> String? {
        guard let check = try? run([script(name), "check"], seconds: 20) else { return "no bash" }
        return check.exitCode == 0 ? nil : check.errors
    }

    /// The path of a product.
    static func product(_ name: String) -> String { products.appendingPathComponent(name).path }

    /// Runs `lockstep`; with `ranks`, under mpirun. A launch that takes longer than `seconds` is killed and reported as
    /// exit code 124.
    static func lockstep(_ arguments: [String], ranks: Int? = nil, seconds: Int = 60) throws -> Launch {
        guard let ranks else { return try run([product("lockstep")] + arguments, seconds: seconds) }
        return try mpirun([["-np", "\(ranks)", product("lockstep")] + arguments], seconds: seconds)
    }

    /// Runs mpirun with one application context per list.
    static func mpirun(_ contexts: [[String]], seconds: Int = 60) throws -> Launch {
        let applications = contexts.joined(separator: [":"])
        return try run(["mpirun", "--oversubscribe", "--bind-to", "none"] + applications, seconds: seconds)
    }

    static func run(_ command: [String], seconds: Int) throws -> Launch {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // Threads of a test block signals, and children would inherit that.
        process.arguments = ["--default-signal", "timeout", "--kill-after=5", "\(seconds)"] + command
        var environment = ProcessInfo.processInfo.environment
        if geteuid() == 0 {
            environment["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
            environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
        }
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: nothing that is left behind can keep the test waiting for their end.
        let directory = try TestDirectory()
        let (output, errors) = (directory.path + "/output", directory.path + "/errors")
        for file in [output, errors] { try Data().write(to: URL(fileURLWithPath: file)) }
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        process.waitUntilExit()
        return Launch(
            exitCode: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }

    /// The sentences that lockstep itself wrote to standard error, without mpirun's own words and without warnings of
    /// this machine's having fewer cores than the test has ranks.
    var sentences: [String] {
        errors.split(separator: "\n").map(String.init).filter {
            $0.hasPrefix("lockstep: ") && !$0.hasPrefix("lockstep: Warning: ")
        }
    }

    /// The warnings among what lockstep wrote to standard error.
    var warnings: [String] {
        errors.split(separator: "\n").map(String.init).filter { $0.hasPrefix("lockstep: Warning: ") }
    }

    /// The digest lines of `lockstep inspect`.
    static func digest(ofRun directory: String) throws -> String {
        let inspected = try lockstep(["inspect", directory])
        return inspected.output.split(separator: "\n").first { $0.hasPrefix("lockstep.digest") }.map(String.init) ?? ""
    }
}
