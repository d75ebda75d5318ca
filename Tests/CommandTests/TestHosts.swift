import Foundation
import TestSupport
import Testing

/// A set of hosts made by scripts/lab/test-hosts, which goes with its last reference.
final class TestHosts: Sendable {
    /// Why this machine has no hosts, or nil if it can make them.
    static let obstacle = Launch.obstacle(toScript: "lab/test-hosts")

    let name = "tests-\(UUID().uuidString)"
    /// The hostfile with all hosts.
    let hostfile: String
    /// What stands in for ssh.
    let agent: String
    private let slots: [Int]

    /// Makes hosts node1, node2 …, one for each number of slots.
    init(slots: [Int]) throws {
        self.slots = slots
        (hostfile, agent) = ("\(Self.directory(name))/hostfile", "\(Self.directory(name))/agent")
        let up = try command(["up", "\(slots.count)", "--slots", slots.map(String.init).joined(separator: ",")])
        try #require(up.exitCode == 0, "\(up.errors)")
    }

    deinit { _ = try? command(["down"]) }

    /// The directory that a set of hosts keeps while it is up.
    static func directory(_ name: String) -> String { "\(Launch.root)/.build/test-hosts/\(name)" }

    /// The words that run scripts/lab/test-hosts for this set.
    func words(_ arguments: [String]) -> [String] { [Launch.script("lab/test-hosts"), "--name", name] + arguments }

    /// Runs scripts/lab/test-hosts for this set.
    @discardableResult
    func command(_ arguments: [String]) throws -> Launch { try Launch.run(words(arguments)) }

    /// The words that run a program on all hosts, a process a slot, or as mpirun's `options` say.
    func words(running program: [String], _ options: [String] = []) -> [String] {
        words(["run"] + options + ["--"] + program)
    }

    /// Starts a program on all hosts.
    func start(_ command: [String], environment: [String: String] = [:]) throws -> RunningProgram {
        try RunningProgram(command, processes: slots.reduce(0, +), environment: environment)
    }

    /// Runs a program on all hosts to its end.
    func run(_ program: [String], _ options: [String] = []) throws -> Launch {
        try start(words(running: program, options)).end()
    }

    /// Runs `lockstep` on all hosts.
    func lockstep(_ arguments: [String], _ options: [String] = []) throws -> Launch {
        try run([Launch.product("lockstep")] + arguments, options)
    }

    /// Runs a line of shell on one host.
    func shell(_ line: String, on host: String) throws -> Launch { try Launch.run([agent, host, line]) }
}
