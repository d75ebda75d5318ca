import Foundation
import Testing

/// A set of hosts made by scripts/test-hosts, which goes with its last reference.
final class TestHosts: Sendable {
    /// Why this machine has no hosts, or nil if it can make them.
    static let obstacle = Launch.obstacle(toScript: "test-hosts")

    let name = "tests-\(UUID().uuidString)"
    /// The hostfile with all hosts.
    let hostfile: String
    /// What stands in for ssh.
    let agent: String

    /// Makes hosts node1, node2 …, one for each number of slots.
    init(slots: [Int]) throws {
        (hostfile, agent) = ("\(Self.directory(name))/hostfile", "\(Self.directory(name))/agent")
        let up = try command(["up", "\(slots.count)", "--slots", slots.map(String.init).joined(separator: ",")])
        try #require(up.exitCode == 0, "\(up.errors)")
    }

    deinit { _ = try? command(["down"]) }

    /// The directory that a set of hosts keeps while it is up.
    static func directory(_ name: String) -> String { "\(Launch.root)/.build/test-hosts/\(name)" }

    /// Runs scripts/test-hosts for this set.
    @discardableResult
    func command(_ arguments: [String], seconds: Int = 20) throws -> Launch {
        try Launch.run([Launch.script("test-hosts"), "--name", name] + arguments, seconds: seconds)
    }

    /// Runs a program on all hosts, a process a slot, or as mpirun's `options` say.
    func run(_ program: [String], _ options: [String] = [], seconds: Int = 60) throws -> Launch {
        try command(["run"] + options + ["--"] + program, seconds: seconds)
    }

    /// Runs `lockstep` on all hosts.
    func lockstep(_ arguments: [String], _ options: [String] = []) throws -> Launch {
        try run([Launch.product("lockstep")] + arguments, options)
    }

    /// Runs a line of shell on one host.
    func shell(_ line: String, on host: String) throws -> Launch { try Launch.run([agent, host, line], seconds: 20) }
}
