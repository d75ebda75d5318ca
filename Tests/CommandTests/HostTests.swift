import Foundation
import Testing

/// Hosts with a network between them, though on one machine: scripts/test-hosts makes them out of namespaces.
@Suite(
    "Training over several hosts", .serialized, .timeLimit(.minutes(4)),
    .enabled(if: TestHosts.obstacle == nil, "this machine cannot make hosts; scripts/test-hosts check says why"))
struct HostTests {
    private static let training = tinyTraining + ["--quiet", "--epochs", "2"]

    /// The digest of a training on one rank, without MPI.
    private func digestAlone(_ options: [String], in directory: TestDirectory) throws -> String {
        let alone = try Launch.lockstep(options + ["--output", directory.path + "/alone"])
        #expect(alone.exitCode == 0, "\(alone.errors)")
        let digest = try Launch.digest(ofRun: directory.path + "/alone")
        #expect(!digest.isEmpty)
        return digest
    }

    /// A line of shell that trains on three hosts and goes on without those that are lost.
    private func keepRunning(_ options: [String], _ run: String, _ hosts: TestHosts) -> String {
        """
        env OMPI_MCA_plm_rsh_agent=\(hosts.agent) LOCKSTEP_LAUNCHER_PATIENCE=2 LOCKSTEP_RESTART_PAUSE=0 \
        '\(Launch.script("keep-running"))' --restarts 3 --output '\(run)' -- \
        '\(Launch.script("test-hosts"))' --name \(hosts.name) run --hostfile '\(hosts.hostfile)' -np 3 -- \
        '\(Launch.product("lockstep"))' \(options.joined(separator: " ")) --stall-timeout 3
        """
    }

    /// Waits until a run has written its first checkpoint, half a minute at most.
    private func waitForCheckpoint(_ run: String) throws {
        let deadline = Date(timeIntervalSinceNow: 30)
        func isThere() -> Bool {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: run)) ?? []
            return names.contains { $0.hasSuffix(".safetensors") }
        }
        while !isThere(), Date() < deadline { usleep(5_000) }
        try #require(isThere(), "no checkpoint after 30 s")
    }

    // Guards the first promise over real hosts, with as many ranks on each as it has slots.
    @Test(arguments: [[1, 1], [1, 2], [2, 1, 1]]) func sameWeights(slots: [Int]) throws {
        let directory = try TestDirectory()
        let hosts = try TestHosts(slots: slots)
        let many = try hosts.lockstep(Self.training + ["--output", directory.path + "/many"])
        #expect(many.exitCode == 0, "\(many.errors)")
        let digest = try digestAlone(Self.training, in: directory)
        #expect(try Launch.digest(ofRun: directory.path + "/many") == digest)
    }

    // Guards these tests themselves: ranks are on hosts of different names, hosts do not see each other's processes, and
    // gradients go over the network.
    @Test func hostsDiffer() throws {
        let directory = try TestDirectory()
        let hosts = try TestHosts(slots: [1, 2])
        let names = try hosts.run(["hostname"]).output.split(separator: "\n").sorted()
        #expect(names == ["node1", "node2", "node2"])
        func received() throws -> Int {
            let line = try hosts.shell("grep eth0 /proc/net/dev", on: "node2").output.split(separator: " ")
            return try #require(line.count > 1 ? Int(line[1]) : nil)
        }
        let start = try received()
        _ = try hosts.run(["true"])
        let launched = try received()
        let trained = try hosts.lockstep(Self.training + ["--output", directory.path + "/run"])
        #expect(trained.exitCode == 0, "\(trained.errors)")
        // Six steps of 1,554 weights and more, each 4 bytes.
        #expect(try received() - launched > launched - start + 6 * 1_554 * 4)
        #expect(try hosts.shell("ls -d /proc/[0-9]* | wc -l", on: "node2").output.split(separator: "\n").count == 1)
    }

    // Guards: a rank that dies on another host ends the job, and a rank beside it names it, its host and the step.
    @Test func deathOnAnotherHost() throws {
        let directory = try TestDirectory()
        let hosts = try TestHosts(slots: [1, 2])
        let end = try hosts.lockstep(
            tinyTraining + ["--quiet", "--epochs", "2000", "--output", directory.path + "/run"]
                + ["--inject", "kill:rank=2,step=3"])
        #expect(end.exitCode != 0 && end.exitCode != 124, "\(end.errors)")
        #expect(end.sentences.count == 1, "\(end.errors)")
        #expect(end.sentences.first?.hasPrefix("lockstep: Rank 2 on node2 ") == true, "\(end.errors)")
    }

    // Guards the third promise: a host that is cut off is named by the watchdog, and the run goes on without it to the
    // weights of a run that lost nothing. Where it is the host that started all others, they are the lost ones.
    @Test(arguments: [("node3", ["Rank 2 on node3"], 2), ("node1", ["Rank 1 on node2", "rank 2 on node3"], 1)])
    func aLostHostIsLeftOut(cut: String, lost: [String], left: Int) throws {
        let directory = try TestDirectory()
        let hosts = try TestHosts(slots: [1, 1, 1])
        let run = directory.path + "/run"
        let options = tinyTraining + ["--quiet", "--epochs", "50", "--checkpoint-every", "1"]
        let line = """
            \(keepRunning(options, run, hosts)) &
            for try in $(seq 1500); do ls '\(run)'/*.safetensors >/dev/null 2>&1 && break; sleep 0.02; done
            '\(Launch.script("test-hosts"))' --name \(hosts.name) cut \(cut)
            wait $!
            """
        let end = try Launch.run(["bash", "-c", line], seconds: 120)
        #expect(end.exitCode == 0, "\(end.errors)")
        #expect(end.sentences.count == 1, "\(end.errors)")
        let sentence = end.sentences.first ?? ""
        #expect(sentence.hasPrefix("lockstep: \(lost[0]) ") && sentence.contains("no sign of life"), "\(sentence)")
        #expect(lost.allSatisfy(sentence.contains) && sentence.contains("Look at \(lost[0].suffix(5))"), "\(sentence)")
        #expect(lost.count == 2 || !sentence.contains("node2"), "\(sentence)")
        for host in lost.map({ $0.suffix(1) }) {
            #expect(end.errors.contains("leaving out a machine that does not answer: 10.77.0.\(host) slots=1"))
        }
        #expect(end.errors.contains("-np \(left) takes the place of -np 3: so many slots are left"), "\(end.errors)")
        #expect(try Launch.digest(ofRun: run) == digestAlone(options, in: directory))
    }

    // Guards the third promise: a host that is lost while ranks are being started, when no rank can notice it yet, does not
    // hold up the launcher for ever; the run goes on without it.
    @Test func aHostLostDuringLaunchIsLeftOut() throws {
        let directory = try TestDirectory()
        let hosts = try TestHosts(slots: [1, 1, 1])
        let run = directory.path + "/run"
        let options = tinyTraining + ["--quiet", "--epochs", "50", "--checkpoint-every", "1"]
        let line = """
            export OMPI_MCA_oob_tcp_keepalive_time=2 OMPI_MCA_oob_tcp_keepalive_intvl=1 OMPI_MCA_oob_tcp_keepalive_probes=2
            \(keepRunning(options, run, hosts)) &
            for try in $(seq 1500); do pgrep -f '^orted.*\(hosts.name)' >/dev/null && break; sleep 0.02; done
            sleep 0.2
            '\(Launch.script("test-hosts"))' --name \(hosts.name) cut node3; ls '\(run)' >'\(directory.path)/before'
            wait $!
            """
        let end = try Launch.run(["bash", "-c", line], seconds: 120)
        #expect(end.exitCode == 0, "\(end.errors)")
        let before = try String(contentsOfFile: directory.path + "/before", encoding: .utf8)
        try #require(!before.contains("checkpoint"), "training had begun before the cable was pulled")
        #expect(end.errors.contains("leaving out a machine that does not answer: 10.77.0.3 slots=1"), "\(end.errors)")
        #expect(end.errors.contains("-np 2 takes the place of -np 3: so many slots are left"), "\(end.errors)")
        #expect(try Launch.digest(ofRun: run) == digestAlone(options, in: directory))
    }

    // Guards: a cable that is pulled for less than --stall-timeout costs time only.
    @Test func aShortBreakChangesNothing() throws {
        let directory = try TestDirectory()
        let hosts = try TestHosts(slots: [1, 1])
        let run = directory.path + "/run"
        let options = tinyTraining + ["--quiet", "--epochs", "50", "--checkpoint-every", "1"]
        let line = """
            hosts="\(Launch.script("test-hosts")) --name \(hosts.name)"
            $hosts run -- '\(Launch.product("lockstep"))' \(options.joined(separator: " ")) --stall-timeout 30 \
            --output '\(run)' &
            for try in $(seq 1500); do ls '\(run)'/*.safetensors >/dev/null 2>&1 && break; sleep 0.02; done
            $hosts cut node2; ls '\(run)' >'\(directory.path)/before'
            sleep 1; $hosts mend node2; wait $!
            """
        let end = try Launch.run(["bash", "-c", line], seconds: 90)
        #expect(end.exitCode == 0 && end.sentences.isEmpty, "\(end.errors)")
        let before = try String(contentsOfFile: directory.path + "/before", encoding: .utf8)
        try #require(!before.contains("checkpoint-00000150"), "the run was over before the cable was pulled")
        #expect(try Launch.digest(ofRun: run) == digestAlone(options, in: directory))
    }

    // Guards: data that only some hosts have is a sentence that names the host, and nobody is left waiting.
    @Test func dataOnSomeHostsOnly() throws {
        let directory = try TestDirectory()
        let hosts = try TestHosts(slots: [1, 1])
        let data = directory.path + "/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
            try Data(count: 3073 * 12).write(to: URL(fileURLWithPath: "\(data)/\(name)"))
        }
        let options = Self.training.map { $0 == "synthetic" ? data : $0 }
        #expect(try hosts.command(["hide", "node2", data]).exitCode == 0)
        let hidden = try hosts.lockstep(options + ["--output", directory.path + "/hidden"])
        #expect(hidden.exitCode == 3 && hidden.sentences.count == 1, "\(hidden.errors)")
        #expect(hidden.sentences.first?.contains("Rank 1 on node2: ") == true, "\(hidden.errors)")
        #expect(hidden.sentences.first?.contains("data_batch_1.bin") == true, "\(hidden.errors)")
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/hidden"))
        #expect(try hosts.command(["show", "node2", data]).exitCode == 0)
        let shown = try hosts.lockstep(options + ["--output", directory.path + "/shown"])
        #expect(shown.exitCode == 0, "\(shown.errors)")
    }

    // Guards: a machine that stands in the hostfile by its address is not left out for want of a way to itself by ssh.
    @Test func aMachineKnowsItsOwnAddress() throws {
        let hosts = try TestHosts(slots: [1, 1])
        let answering = try hosts.shell(
            "OMPI_MCA_plm_rsh_agent=false '\(Launch.script("answering-hosts"))' '\(hosts.hostfile)'", on: "node2")
        #expect(answering.output == "10.77.0.2 slots=1\n", "\(answering.errors)")
    }
}
