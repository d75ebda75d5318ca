import Foundation
import TestSupport
import Testing

/// Failures rehearsed by the switch that users have, and by signals from outside.
@Suite("Every fault of a rank ends the run by itself and names the culprit", .serialized)
struct FaultTests {
    private static let training = tinyTraining + ["--epochs", "1000000", "--quiet"]
    /// How long a rank of these tests is waited for: long enough that it is not merely slow.
    private static let patience = Patience.seconds(3)

    private func train(
        _ fault: String, ranks: Int, _ options: [String] = [], output: String
    ) throws -> Launch {
        let options = ["--inject", fault, "--stall-timeout", "\(Self.patience)", "--output", output] + options
        return try Launch.lockstep(Self.training + options, ranks: ranks)
    }

    // Guards: a rank that dies, the first or the last, ends the job by itself with one sentence that names rank, process
    // and step.
    @Test(arguments: [(2, 1), (3, 0), (5, 4)]) func death(ranks: Int, culprit: Int) throws {
        let directory = try TestDirectory()
        let end = try train("kill:rank=\(culprit),step=9", ranks: ranks, output: directory.path + "/run")
        #expect(end.exitCode != 0, "\(end.errors)")
        let sentence = try #require(end.sentences.first, "\(end.errors)")
        #expect(end.sentences.count == 1)
        #expect(sentence.hasPrefix("lockstep: Rank \(culprit) on ") && sentence.contains("has died"))
        #expect(sentence.contains("in step 9, "))
    }

    // Guards: a rank that hangs is found and named, with what every rank was doing, and the code is its own.
    @Test(arguments: [(2, 0), (3, 2), (5, 1)]) func stall(ranks: Int, culprit: Int) throws {
        let directory = try TestDirectory()
        let end = try train("stall:rank=\(culprit),step=9", ranks: ranks, output: directory.path + "/run")
        #expect(end.exitCode == 12, "\(end.errors)")
        let sentence = try #require(end.sentences.first)
        #expect(end.sentences.count == 1)
        #expect(sentence.hasPrefix("lockstep: Rank \(culprit) on ") && sentence.contains("no sign of life"))
        #expect(sentence.contains("for \(Self.patience) seconds in step 9, forward, units.0"))
        for rank in 0..<ranks {
            let line = end.errors.split(separator: "\n").first { $0.hasPrefix("  rank \(rank) on ") }
            #expect(line?.hasSuffix(rank == culprit ? ": no answer" : ")") == true, "\(end.errors)")
        }
    }

    // Guards: a replica whose weights changed by one bit is found at the next audit; from three ranks on the culprit is
    // named; and the checkpoint written before is the newest.
    @Test(arguments: [(2, 1), (3, 0), (5, 3)]) func divergence(ranks: Int, culprit: Int) throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        let end = try train(
            "diverge:rank=\(culprit),step=11", ranks: ranks, ["--checkpoint-every", "4", "--audit-every", "6"],
            output: run)
        #expect(end.exitCode == 13, "\(end.errors)")
        let sentence = try #require(end.sentences.first)
        #expect(sentence.contains("units.0.bn.weight differs after step 12. They agreed after step 9"))
        let names = sentence.contains("Rank \(culprit) on ") && sentence.contains("no longer holds")
        #expect(names == (ranks > 2), "\(sentence)")
        #expect(try Launch.lockstep(["inspect", run]).output.contains("checkpoint-00000009"))
    }

    // Guards: a checkpoint that rots on disk is passed over by name, the run goes on from the one before it, and what has
    // struck once does not strike the resumed run.
    @Test func corruptCheckpoint() throws {
        let directory = try TestDirectory()
        let (run, straight) = (directory.path + "/run", directory.path + "/straight")
        let every = ["--checkpoint-every", "4"]
        let faults = "corrupt-checkpoint:step=8+kill:rank=1,step=9"
        #expect(try train(faults, ranks: 2, every, output: run).exitCode != 0)
        let resumed = try Launch.lockstep(
            ["train", "--data", "synthetic", "--resume", "--max-steps", "20", "--inject", faults, "--output", run],
            ranks: 3)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        #expect(resumed.output.contains("checkpoint-00000008.safetensors"), "\(resumed.output)")
        #expect(resumed.output.contains("Resuming from \(run)/checkpoint-00000006.safetensors"))
        let alone = try Launch.lockstep(Self.training + ["--max-steps", "20", "--output", straight])
        #expect(alone.exitCode == 0)
        #expect(try Launch.digest(ofRun: run) == Launch.digest(ofRun: straight))
    }

    /// Starts three ranks that train without end and waits for their first step.
    private func startThreeRanks(_ run: WrittenRun, stallTimeout: Int) throws -> RunningProgram {
        let options = ["--stall-timeout", "\(stallTimeout)", "--output", run.path]
        let job = try RunningProgram(
            Launch.mpirun(ranks: 3) + [Launch.product("lockstep")] + Self.training + options, processes: 3)
        try job.wait(for: "the first step") { run.lastStep > 0 }
        return job
    }

    /// The processes of the ranks that write into a run.
    private func ranks(of run: WrittenRun) throws -> [Int32] {
        let pattern = "^\(Launch.product("lockstep")) .*\(run.path)$"
        let ranks = try Launch.run(["pgrep", "-f", "--", pattern]).output.split(separator: "\n").compactMap {
            Int32($0)
        }
        try #require(ranks.count == 3)
        return ranks
    }

    // Guards: a rank that is stopped and goes on before the others have given up, or all of them stopped at once for
    // longer than that, are nobody's fault: the run goes on.
    @Test(arguments: [false, true]) func aPauseIsNoStall(ofAll: Bool) throws {
        let directory = try TestDirectory()
        let run = WrittenRun(directory.file("run"))
        let pause = Patience.seconds(2)
        let job = try startThreeRanks(run, stallTimeout: ofAll ? Patience.seconds(1) : 20 * pause)
        let stopped = try ranks(of: run).prefix(ofAll ? 3 : 1)
        for rank in stopped { kill(rank, SIGSTOP) }
        sleep(UInt32(ofAll ? 3 * pause : pause))
        let before = run.lastStep
        for rank in stopped { kill(rank, SIGCONT) }
        try job.wait(for: "ten more steps") { run.lastStep >= before + 10 }
        job.send(SIGUSR1)
        let end = try job.end()
        #expect(end.exitCode == 11 && end.sentences.count == 1, "\(end)")
    }

    // Guards: a rank that was stopped from outside is found like any other, and is ended although it is stopped.
    @Test func aStoppedRankIsFound() throws {
        let directory = try TestDirectory()
        let run = WrittenRun(directory.file("run"))
        let job = try startThreeRanks(run, stallTimeout: Self.patience)
        let stopped = try ranks(of: run)[2]
        kill(stopped, SIGSTOP)
        let end = try job.end()
        #expect(end.exitCode == 12 && end.sentences.count == 1, "\(end)")
        #expect(end.sentences.first?.contains("gives no sign of life") == true)
        try Patience.wait(for: "the end of the stopped rank") {
            let status = try? String(contentsOfFile: "/proc/\(stopped)/status", encoding: .utf8)
            return status?.contains(/State:\t[^ZX]/) != true
        }
    }

    // Guards: a fault that cannot be is a wrong command line, and leaves no run directory.
    @Test(arguments: [
        "explode:rank=0,step=1", "kill:rank=2,step=5", "kill:step=5", "kill:rank=0", "kill:rank=0,step=0",
        "kill:rank=0,step=5,step=6", "stall:rank=-1,step=5", "corrupt-checkpoint:rank=0,step=5", "kill", "",
        "kill:rank=0,step=5+", "diverge:rank=0,step=99999999999999999999",
    ])
    func wrongFaults(fault: String) throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        let end = try Launch.lockstep(Self.training + ["--inject=\(fault)", "--output", run], ranks: 2)
        #expect(end.exitCode == 2 && end.sentences.count == 1, "\(end.errors)")
        #expect(end.sentences.first?.contains("--inject") == true)
        #expect(!FileManager.default.fileExists(atPath: run))
    }
}
