import Foundation
import TestSupport
import Testing

/// Hosts with a network between them, though on one machine: scripts/lab/test-hosts makes them out of namespaces.
@Suite(
    "Training over several hosts", .serialized,
    .enabled(if: TestHosts.obstacle == nil, "this machine cannot make hosts; scripts/lab/test-hosts check says why"))
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

    /// A training without end that saves after every step.
    private static let endless = tinyTraining + ["--quiet", "--epochs", "1000000", "--checkpoint-every", "1"]

    /// Starts a program on three hosts as a training in `run` that goes on without those that are lost.
    private func keepRunning(
        _ program: [String], _ run: WrittenRun, _ hosts: TestHosts, environment: [String: String] = [:]
    ) throws -> RunningProgram {
        let job = hosts.words(
            running: program + Self.endless + ["--stall-timeout", "\(Patience.seconds(3))"],
            ["--hostfile", hosts.hostfile, "-np", "3"])
        let variables = [
            "OMPI_MCA_plm_rsh_agent": hosts.agent, "LOCKSTEP_LAUNCHER_PATIENCE": "\(Patience.seconds(10))",
            "LOCKSTEP_RESTART_PAUSE": "0",
        ]
        return try hosts.start(
            [Launch.script("keep-running"), "--restarts", "3", "--output", run.path, "--"] + job,
            environment: variables.merging(environment) { $1 })
    }

    /// Stops a training that goes on without lost hosts after ten more steps, and expects the weights of one that has
    /// lost nothing.
    private func expectTheSame(_ job: RunningProgram, _ run: WrittenRun, in directory: TestDirectory) throws -> Launch {
        let lastStep = run.lastStep
        try job.wait(for: "ten more steps") { run.lastStep >= lastStep + 10 }
        job.send(SIGUSR1)
        let end = try job.end()
        #expect(end.exitCode == 11, "\(end.errors)")
        let straight = Self.endless + ["--max-steps", "\(run.newestCheckpoint)"]
        #expect(try Launch.digest(ofRun: run.path) == digestAlone(straight, in: directory))
        return end
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
            Self.endless + ["--output", directory.path + "/run"]
                + ["--inject", "kill:rank=2,step=3"])
        #expect(end.exitCode != 0, "\(end.errors)")
        #expect(end.sentences.count == 1, "\(end.errors)")
        #expect(end.sentences.first?.hasPrefix("lockstep: Rank 2 on node2 ") == true, "\(end.errors)")
    }

    // Guards the third promise: a host that is cut off is named by the watchdog, and the run goes on without it to the
    // weights of a run that lost nothing. Where it is the host that started all others, they are the lost ones.
    @Test(arguments: [("node3", ["Rank 2 on node3"], 2), ("node1", ["Rank 1 on node2", "rank 2 on node3"], 1)])
    func aLostHostIsLeftOut(cut: String, lost: [String], left: Int) throws {
        let directory = try TestDirectory()
        let hosts = try TestHosts(slots: [1, 1, 1])
        let run = WrittenRun(directory.file("run"))
        let job = try keepRunning([Launch.product("lockstep")], run, hosts)
        try job.wait(for: "the first checkpoint") { run.newestCheckpoint > 0 }
        try hosts.command(["cut", cut])
        let end = try expectTheSame(job, run, in: directory)
        #expect(end.sentences.count == 2, "\(end.errors)")
        let sentence = end.sentences.first ?? ""
        #expect(sentence.hasPrefix("lockstep: \(lost[0]) ") && sentence.contains("no sign of life"), "\(sentence)")
        #expect(lost.allSatisfy(sentence.contains) && sentence.contains("Look at \(lost[0].suffix(5))"), "\(sentence)")
        #expect(lost.count == 2 || !sentence.contains("node2"), "\(sentence)")
        for host in lost.map({ $0.suffix(1) }) {
            #expect(end.errors.contains("leaving out a machine that does not answer: 10.77.0.\(host) slots=1"))
        }
        #expect(end.errors.contains("-np \(left) takes the place of -np 3: so many slots are left"), "\(end.errors)")
    }

    // Guards the third promise: a host that is lost while ranks are being started, when no rank can notice it yet, does not
    // hold up the launcher for ever; the run goes on without it.
    @Test func aHostLostDuringLaunchIsLeftOut() throws {
        let directory = try TestDirectory()
        let hosts = try TestHosts(slots: [1, 1, 1])
        let run = WrittenRun(directory.file("run"))
        // Ranks that begin only when the test lets them, so that the cable is pulled before.
        let (arrived, go) = (directory.file("arrived"), directory.file("go"))
        let program = [
            "sh", "-c", "touch \(arrived).$(hostname); until [ -e \(go) ]; do sleep 0.05; done; exec \"$@\"", "sh",
            Launch.product("lockstep"),
        ]
        // No rank can notice that a host is lost here, only mpirun, if it looks more often than every half minute.
        let keepalive = "OMPI_MCA_oob_tcp_keepalive_"
        let job = try keepRunning(
            program, run, hosts,
            environment: [
                keepalive + "time": "\(Patience.seconds(2))", keepalive + "intvl": "\(Patience.seconds(1))",
                keepalive + "probes": "2",
            ])
        try job.wait(for: "all three ranks to be started") {
            (1...3).allSatisfy { FileManager.default.fileExists(atPath: "\(arrived).node\($0)") }
        }
        try hosts.command(["cut", "node3"])
        try directory.write([], "go")
        try job.wait(for: "the first step without node3") { run.lastStep > 0 }
        let end = try expectTheSame(job, run, in: directory)
        #expect(end.errors.contains("leaving out a machine that does not answer: 10.77.0.3 slots=1"), "\(end.errors)")
        #expect(end.errors.contains("-np 2 takes the place of -np 3: so many slots are left"), "\(end.errors)")
    }

    // Guards: a cable that is pulled for less than --stall-timeout costs time only.
    @Test func aShortBreakChangesNothing() throws {
        let directory = try TestDirectory()
        let hosts = try TestHosts(slots: [1, 1])
        let run = WrittenRun(directory.file("run"))
        let (pause, program) = (Patience.seconds(1), [Launch.product("lockstep")])
        let options = ["--stall-timeout", "\(30 * pause)", "--output", run.path]
        let job = try hosts.start(hosts.words(running: program + Self.endless + options))
        try job.wait(for: "the first checkpoint") { run.newestCheckpoint > 0 }
        try hosts.command(["cut", "node2"])
        sleep(UInt32(pause))
        try hosts.command(["mend", "node2"])
        let end = try expectTheSame(job, run, in: directory)
        #expect(end.sentences.count == 1, "\(end.errors)")
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
        #expect(answering.output == "node2 slots=1\n", "\(answering.errors)")
    }
}
