import Foundation

/// A training that takes a moment: a tiny network on a few synthetic images, three steps an epoch.
public let tinyTraining = [
    "train", "--data", "synthetic", "--stages", "8x1,16x1", "--limit-train", "60", "--limit-test", "30",
    "--global-batch", "24",
]

/// One launch of a program of ours, alone or under mpirun, and what came of it.
public struct Launch: Sendable {
    /// The code it ended with; 128 and the signal's number where it ended by one, as a shell says it.
    public let exitCode: Int32
    /// What it wrote to standard output.
    public let output: String
    /// What it wrote to standard error.
    public let errors: String

    /// The directory of the products: the test bundle lies beside the executables.
    public static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    /// The directory of the package.
    public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The path of a script.
    public static func script(_ name: String) -> String { "\(root)/scripts/\(name)" }

    /// What `check` of a script says against using it on this machine; nil if nothing.
    public static func obstacle(toScript name: String) -> String? {
        guard let check = try? run([script(name), "check"]) else { return "no bash" }
        return check.exitCode == 0 ? nil : check.errors
    }

    /// The path of a product.
    public static func product(_ name: String) -> String { products.appendingPathComponent(name).path }

    /// The words that start `ranks` ranks of a command that follows them, more than there are cores if need be.
    public static func mpirun(ranks: Int) -> [String] {
        ["mpirun", "--oversubscribe", "--bind-to", "none", "-np", "\(ranks)"]
    }

    /// Runs `lockstep`; with `ranks`, under mpirun.
    public static func lockstep(_ arguments: [String], ranks: Int? = nil) throws -> Launch {
        let launcher = ranks.map { mpirun(ranks: $0) } ?? []
        return try run(launcher + [product("lockstep")] + arguments, processes: ranks ?? 0)
    }

    /// Runs mpirun with one application context per list.
    public static func mpirun(_ contexts: [[String]]) throws -> Launch {
        let applications = contexts.joined(separator: [":"])
        return try run(["mpirun", "--oversubscribe", "--bind-to", "none"] + applications, processes: contexts.count)
    }

    /// Runs a command to its end; `processes` is how many ranks and hosts it starts.
    public static func run(
        _ command: [String], processes: Int = 0, environment: [String: String] = [:]
    ) throws -> Launch {
        try RunningProgram(command, processes: processes, environment: environment).end()
    }

    /// The sentences that lockstep itself wrote to standard error, without mpirun's own words and without warnings of
    /// this machine's having fewer cores than the test has ranks.
    public var sentences: [String] {
        errors.split(separator: "\n").map(String.init).filter {
            $0.hasPrefix("lockstep: ") && !$0.hasPrefix("lockstep: Warning: ")
        }
    }

    /// The warnings among what lockstep wrote to standard error.
    public var warnings: [String] {
        errors.split(separator: "\n").map(String.init).filter { $0.hasPrefix("lockstep: Warning: ") }
    }

    /// The digest lines of `lockstep inspect`.
    public static func digest(ofRun directory: String) throws -> String {
        let inspected = try lockstep(["inspect", directory])
        return inspected.output.split(separator: "\n").first { $0.hasPrefix("lockstep.digest") }.map(String.init) ?? ""
    }
}
