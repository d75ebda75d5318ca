import Foundation
import TestSupport
import Testing

@Suite("scripts/answering-hosts understands a hostfile as mpirun does")
struct AnsweringHostsTests {
    /// What is printed for a hostfile when the machines named `host-…` and no others answer.
    private func answering(_ hostfile: String) throws -> Launch {
        let directory = try TestDirectory()
        let (hosts, agent) = (directory.path + "/hosts", directory.path + "/agent")
        try hostfile.write(toFile: hosts, atomically: true, encoding: .utf8)
        try "#!/bin/sh\ncase $1 in host-* | me@host-*) ;; *) exit 255 ;; esac\n".write(
            toFile: agent, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: agent)
        return try Launch.run(
            ["env", "OMPI_MCA_plm_rsh_agent=no-such-program : \(agent)", Launch.script("answering-hosts"), hosts])
    }

    // Guards: slots in every spelling that mpirun takes, and none that it does not; domains, comments and people's names.
    // No name leads anywhere here, so nothing can be resolved.
    @Test(arguments: [
        ("host-a slots=2\n", ["host-a slots=2"]), ("host-a max_slots=8 slots=2\n", ["host-a slots=2 max_slots=8"]),
        ("host-a slots = 3 # slots=9\n#host-b\n", ["host-a slots=3"]), ("host-a\nhost-a\n", ["host-a slots=2"]),
        ("host-a.example.org slots=2\n", ["host-a slots=2"]), ("me@host-a count=4\n", ["me@host-a slots=4"]),
        ("host-a cpu=2\nlost slots=3\nhost-b", ["host-a slots=2", "host-b slots=1"]),
    ]) func slots(hostfile: String, expected: [String]) throws {
        let launch = try answering(hostfile)
        #expect(launch.exitCode == 0, "\(launch.errors)")
        #expect(launch.output.split(separator: "\n").map(String.init) == expected)
        if hostfile.contains("lost") { #expect(launch.errors.contains("does not answer: lost slots=3")) }
    }

    // Guards: this machine, by its name, with a domain, and by an address, needs no answer by ssh.
    @Test(arguments: ["localhost", "127.0.0.1", "NAME", "NAME.example.org"])
    func thisMachine(written: String) throws {
        let own = String(try Launch.run(["uname", "-n"]).output.prefix { $0 != "." && $0 != "\n" })
        let launch = try answering(written.replacing("NAME", with: own) + " slots=2\n")
        #expect(launch.exitCode == 0, "\(launch.errors)")
        #expect(launch.output == "\(own) slots=2\n")
    }

    // Guards: what mpirun calls an error is one here, in mpirun's words, and no machine is made up.
    @Test(arguments: ["host-a slots=2 foo=3\n", "host-a slots=2\nhost-a slots=1\n"])
    func errors(hostfile: String) throws {
        let launch = try answering(hostfile)
        #expect(launch.exitCode == 2 && launch.output == "", "\(launch.output)")
        #expect(launch.errors.contains("answering-hosts: mpirun does not say which machines"))
    }

    // Guards: a hostfile without a machine has one sentence, and none of mpirun's.
    @Test(arguments: ["", "# nothing\n", " \n\t# host-a\n"]) func nothing(hostfile: String) throws {
        let launch = try answering(hostfile)
        #expect(launch.exitCode == 2 && launch.output == "", "\(launch.output)")
        #expect(launch.errors.hasPrefix("answering-hosts: hostfile '"), "\(launch.errors)")
        #expect(launch.errors.hasSuffix("' names no machine.\n"), "\(launch.errors)")
        #expect(launch.errors.split(separator: "\n").count == 1, "\(launch.errors)")
    }

    // Guards the table above: mpirun itself gives each hostfile these machines and slots, in a map of what it would start.
    @Test(arguments: [
        ("localhost slots=2", 2), ("localhost max_slots=8 slots=2", 2), ("localhost slots = 3 # slots=9", 3),
        ("localhost\nlocalhost", 2), ("localhost count=4", 4), ("me@localhost slots=2", 2),
        ("localhost slots=2 max_slots=1", 0), ("localhost cpus=2", 0), ("localhost slots=2\r", 0),
    ]) func mpirunAgrees(hostfile: String, slots: Int) throws {
        let directory = try TestDirectory()
        let hosts = directory.path + "/hosts"
        try (hostfile + "\n").write(toFile: hosts, atomically: true, encoding: .utf8)
        let run = try Launch.run(["mpirun", "--hostfile", hosts, "--bind-to", "none", "echo", "rank"])
        #expect(run.output.split(separator: "\n").filter { $0 == "rank" }.count == slots, "\(run.errors)")
        let asked = try answering(hostfile + "\n")
        #expect(slots == 0 ? asked.output == "" : asked.output.contains(" slots=\(slots)"), "\(asked.output)")
    }
}
