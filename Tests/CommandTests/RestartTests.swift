import Foundation
import TestSupport
import Testing

@Suite("scripts/keep-running starts a run again")
struct RestartTests {
    /// A stand-in for a training in the directory `$2`: start n writes checkpoint n unless told not to, notes its
    /// options and its hostfile, and ends with the n-th of the given codes.
    private static let stub = """
        codes=($1); directory=$2; progress=$3; shift 3
        echo "$*" >>"$directory.starts"
        if [ "$1" = --hostfile ]; then cp "$2" "$directory.slots"; fi
        n=$(wc -l <"$directory.starts")
        mkdir -p "$directory"; touch "$directory/metrics.jsonl"
        if [ "$progress" = yes ]; then touch "$directory/checkpoint-0000000$n.safetensors"; fi
        exit "${codes[$((n - 1))]}"
        """

    private static let script = Launch.script("keep-running")

    private func keepRunning(
        _ codes: String, restarts: Int, progress: String = "yes", in directory: TestDirectory
    ) throws -> (launch: Launch, starts: [String]) {
        let run = directory.path + "/run"
        let launch = try Launch.run(
            ["env", "LOCKSTEP_RESTART_PAUSE=0", Self.script, "--restarts", "\(restarts)", "--output", run, "--"]
                + [
                    "bash", "-c", Self.stub, "stub", codes, run, progress, "train", "--init", "weights", "--epochs",
                    "3",
                ])
        let starts = (try? String(contentsOfFile: run + ".starts", encoding: .utf8)) ?? ""
        return (launch, starts.split(separator: "\n").map(String.init))
    }

    // Guards: killed, lost and internal failures are started again, from the checkpoint and without the initial weights,
    // until the run succeeds.
    @Test func goesOnUntilItSucceeds() throws {
        let directory = try TestDirectory()
        let (launch, starts) = try keepRunning("137 6 1 12 13 0", restarts: 9, in: directory)
        #expect(launch.exitCode == 0)
        try #require(starts.count == 6)
        #expect(starts[0].hasPrefix("train --init weights --epochs 3 --output ") && !starts[0].contains("--resume"))
        for start in starts.dropFirst() { #expect(start.hasPrefix("train --epochs 3 --resume --output ")) }
    }

    // Guards: a machine that does not answer is left out of the next start, with as many ranks fewer, and named. The agent
    // that mpirun would use is one that only knows host-a here.
    @Test func leavesOutLostMachines() throws {
        let directory = try TestDirectory()
        let (hosts, agent, run) = (directory.path + "/hosts", directory.path + "/agent", directory.path + "/run")
        try "# two machines\nhost-a slots=3\nhost-b slots=5 # the second\n".write(
            toFile: hosts, atomically: true, encoding: .utf8)
        try "#!/bin/sh\n[ \"$1\" = host-a ] && shift && exec \"$@\"\n".write(
            toFile: agent, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: agent)
        let launch = try Launch.run(
            ["env", "LOCKSTEP_RESTART_PAUSE=0", "OMPI_MCA_plm_rsh_agent=\(agent)", Self.script, "--restarts", "5"]
                + ["--output", run, "--", "bash", "-c", Self.stub, "stub", "137 0", run, "yes"]
                + ["--hostfile", hosts, "-np", "8", "train"])
        #expect(launch.exitCode == 0, "\(launch.errors)")
        let starts = try String(contentsOfFile: run + ".starts", encoding: .utf8).split(separator: "\n")
        try #require(starts.count == 2)
        #expect(starts[0].hasPrefix("--hostfile \(hosts) -np 8 train"))
        #expect(!starts[1].hasPrefix("--hostfile \(hosts) ") && starts[1].contains(" -np 3 train"))
        #expect(try String(contentsOfFile: run + ".slots", encoding: .utf8) == "host-a slots=3\n")
        #expect(launch.errors.contains("does not answer: host-b slots=5"))
    }

    // Guards: a launcher that goes on when the ranks it had here are gone, as mpirun does when a link is cut, is ended.
    @Test func endsAnIdleLauncher() throws {
        let directory = try TestDirectory()
        let ranks = directory.path + "/ranks"
        try FileManager.default.createSymbolicLink(atPath: ranks, withDestinationPath: "/bin/sleep")
        let launch = try Launch.run(
            [
                "env", "LOCKSTEP_LAUNCHER_PATIENCE=1", Self.script, "--restarts", "0", "--output",
                directory.path + "/run",
            ]
                + ["--", "bash", "-c", "\"$0\" 4; sleep 1000", ranks, "train"])
        #expect(launch.exitCode == 137, "\(launch.errors)")
        #expect(launch.errors.contains("the launcher has outlived its ranks for 1 s; ending it"))
    }

    // Guards: what would only fail again is not started again, and the code is the run's.
    @Test(arguments: [0, 2, 3, 4, 5, 7, 8, 9, 11]) func endsWithTheRunsCode(code: Int) throws {
        let directory = try TestDirectory()
        let (launch, starts) = try keepRunning("\(code)", restarts: 9, in: directory)
        #expect(launch.exitCode == Int32(code) && starts.count == 1)
    }

    // Guards: no more restarts than allowed, and the sentence says so.
    @Test func obeysTheLimit() throws {
        let directory = try TestDirectory()
        let (launch, starts) = try keepRunning("137 137 137 137 137 137", restarts: 2, in: directory)
        #expect(launch.exitCode == 137 && starts.count == 3)
        #expect(launch.errors.contains("gave up: start 3 ended with code 137, and --restarts allows 2"))
    }

    // Guards: a run that never gets anywhere is given up, each start's directory set aside and not deleted.
    @Test func givesUpWithoutProgress() throws {
        let directory = try TestDirectory()
        let (launch, starts) = try keepRunning("137 137 137 137 137", restarts: 9, progress: "no", in: directory)
        #expect(launch.exitCode == 137 && starts.count == 3)
        #expect(launch.errors.contains("gave up: 3 starts in a row") && starts.allSatisfy { !$0.contains("--resume") })
        for start in 1...2 {
            #expect(FileManager.default.fileExists(atPath: directory.path + "/run/start-\(start)/metrics.jsonl"))
        }
    }
}
