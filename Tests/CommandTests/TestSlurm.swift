import Foundation
import TestSupport
import Testing

/// A Slurm of one node made by scripts/lab/test-slurm, which goes with its last reference.
final class TestSlurm: Sendable {
    /// Why this machine has none, or nil if it can start one.
    static let obstacle =
        (try? Launch.run(["nproc"]).output) == "1\n"
        ? "the jobs of these tests have two ranks, which a node of one core does not take"
        : Launch.obstacle(toScript: "lab/test-slurm")

    private let name = "tests-\(UUID().uuidString)"

    init() throws {
        let up = try command(["up"])
        try #require(up.exitCode == 0, "\(up.errors)")
    }

    deinit { _ = try? command(["down"]) }

    private func command(_ arguments: [String]) throws -> Launch {
        try Launch.run([Launch.script("lab/test-slurm"), "--name", name] + arguments)
    }

    /// Runs one of Slurm's commands.
    @discardableResult
    func run(_ words: [String]) throws -> Launch { try command(["run", "--"] + words) }

    /// Queues scripts/slurm.sbatch with a tiny training of two ranks that writes to `output`; returns the job's number.
    func submit(
        _ options: [String], program: String = Launch.product("lockstep"), launcher: String = "mpirun", output: String
    ) throws -> String {
        let queued = try run(
            [
                "env", "LOCKSTEP=\(program)", "LOCKSTEP_OUTPUT=\(output)",
                "LOCKSTEP_LAUNCHER=\(launcher)", "sbatch", "--parsable", "--ntasks-per-node=2",
                "--chdir=\(Launch.root)", "--output=\(output).log", Launch.script("slurm.sbatch"),
            ] + tinyTraining.dropFirst() + ["--quiet"] + options)
        try #require(queued.exitCode == 0, "\(queued.errors)")
        return queued.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The state of a job, such as RUNNING; empty once Slurm has forgotten it.
    func state(ofJob job: String) throws -> String {
        let words = try run(["scontrol", "--oneliner", "show", "job", job]).output.split(separator: " ")
        return words.first { $0.hasPrefix("JobState=") }.map { String($0.dropFirst("JobState=".count)) } ?? ""
    }

    /// Waits until a job has ended for good; queued again it goes on.
    func waitForEnd(ofJob job: String) throws -> String {
        var state = ""
        try Patience.wait(for: "the end of job \(job)") {
            state = try self.state(ofJob: job)
            return !["PENDING", "RUNNING", "COMPLETING", "REQUEUED"].contains(state)
        }
        return state
    }
}
