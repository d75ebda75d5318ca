import Foundation
import TestSupport
import Testing

@Suite(
    "scripts/lab/test-hosts leaves nothing behind", .serialized,
    .enabled(if: TestHosts.obstacle == nil, "this machine cannot make hosts; scripts/lab/test-hosts check says why"))
struct TestHostsScriptTests {
    /// Runs lines of bash, in which `$hosts` is the script for a set of hosts.
    private func bash(_ lines: String, name: String) throws -> Launch {
        try Launch.run(
            ["bash", "-c", "hosts='\(Launch.script("lab/test-hosts")) --name \(name)'\n" + lines], processes: 4)
    }

    // Guards: two sets are apart, though their hosts have the same names and addresses, and the end of one takes its own
    // processes, all of them, and nothing of the other.
    @Test func twoSetsAtOnce() throws {
        let directory = try TestDirectory()
        let (one, other) = (try TestHosts(slots: [1, 1]), try TestHosts(slots: [1]))
        let networks = ["one", "other"].map { "\(directory.path)/\($0)" }
        let end = try bash(
            """
            cut -d' ' -f3 \(TestHosts.directory(one.name))/*.holder >\(networks[0])
            cut -d' ' -f3 \(TestHosts.directory(other.name))/*.holder >\(networks[1])
            $hosts run -- sh -c 'touch \(directory.path)/$(hostname); exec sleep 1000' &
            until [ -e \(directory.path)/node2 ]; do sleep 0.05; done
            count() { readlink /proc/[0-9]*/ns/net | grep -cxFf "$1"; }
            before=$(count \(networks[0]))
            $hosts down; wait $!
            echo $? $((before > 5)) $(count \(networks[0])) $(count \(networks[1]))
            """, name: one.name)
        // The launcher was killed; the other set still has its switch and its host.
        #expect(end.output == "137 1 0 2\n", "\(end)")
        #expect(!FileManager.default.fileExists(atPath: TestHosts.directory(one.name)))
        #expect(try other.run(["hostname"]).output == "node1\n")
    }

    // Guards: what fails half-way, here the second host's link, takes away what was made before.
    @Test func afterAFailure() throws {
        let directory = try TestDirectory()
        let name = "tests-\(UUID().uuidString)"
        let stub = """
            #!/bin/bash
            [ "$1" = --target ] && echo "$2" >>\(directory.path)/holders
            case "$*" in *"add name node2"*) echo refused >&2; exit 1 ;; esac
            PATH=${PATH#*:} exec nsenter "$@"
            """
        try stub.write(toFile: directory.path + "/nsenter", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path + "/nsenter")
        let end = try bash("PATH=\(directory.path):$PATH $hosts up 3", name: name)
        #expect(end.exitCode == 2 && end.errors.contains("node2 could not be connected"), "\(end)")
        #expect(!FileManager.default.fileExists(atPath: TestHosts.directory(name)))
        let noted = try String(contentsOfFile: directory.path + "/holders", encoding: .utf8)
        let holders = Set(noted.split(separator: "\n"))
        #expect(holders.count >= 2)
        for holder in holders { #expect(!FileManager.default.fileExists(atPath: "/proc/\(holder)"), "\(holder)") }
    }

    // Guards: the program's exit code and signals to it pass through.
    @Test func passesCodesAndSignals() throws {
        let directory = try TestDirectory()
        let hosts = try TestHosts(slots: [1, 1])
        #expect(try hosts.run(["sh", "-c", "exit 7"]).exitCode == 7)
        let end = try bash(
            """
            $hosts run -- sh -c 'trap "exit 11" USR1; touch \(directory.path)/$(hostname); while :; do sleep 0.1; done' &
            until [ -e \(directory.path)/node1 ] && [ -e \(directory.path)/node2 ]; do sleep 0.05; done
            kill -USR1 $!; wait $!
            """, name: hosts.name)
        #expect(end.exitCode == 11, "\(end)")
    }

    // Guards: links are limited to a rate, and where the kernel cannot delay packets, this is said.
    @Test func shapesLinks() throws {
        let hosts = try TestHosts(slots: [1, 1])
        let shaped = try hosts.command(["shape", "100mbit", "0.1ms"])
        #expect(shaped.exitCode == 0, "\(shaped.errors)")
        let queues = try hosts.shell("tc qdisc show dev eth0", on: "node2").output
        #expect(queues.contains("rate 100Mbit"), "\(queues)")
        #expect(queues.contains("netem") || shaped.errors.contains("only the rate is limited"), "\(shaped.errors)")
        #expect(try hosts.command(["shape", "none"]).exitCode == 0)
        #expect(try !hosts.shell("tc qdisc show dev eth0", on: "node2").output.contains("100Mbit"))
    }

    // Guards: a mistyped command is a sentence.
    @Test(arguments: [
        (["up", "0"], "number of hosts"), (["up", "2", "--slots", "1,x"], "--slots"), (["fly"], "'fly'"),
        (["run", "--", "true"], "no hosts of the name"), (["cut", "node1"], "no hosts of the name"), ([], "--help"),
    ])
    func wrongCommands(arguments: [String], words: String) throws {
        let end = try Launch.run(
            [Launch.script("lab/test-hosts"), "--name", "tests-\(UUID().uuidString)"] + arguments)
        #expect(end.exitCode == 2 && end.errors.contains(words) && end.errors.hasPrefix("test-hosts: "), "\(end)")
        #expect(end.errors.split(separator: "\n").count == 1)
    }
}
