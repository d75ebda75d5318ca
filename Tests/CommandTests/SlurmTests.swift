import Foundation
import TestSupport
import Testing

/// The batch script with a stand-in for Slurm: `scontrol` notes what it is asked, `mpirun` starts two real ranks.
@Suite("scripts/slurm.sbatch")
struct SlurmTests {
    // Guards: the signal that Slurm sends before the time limit stops the run with a checkpoint and queues the job again;
    // the next time, the job goes on from there to the end, and the weights are those of a run that nobody stopped.
    @Test func stopsAndGoesOn() throws {
        let directory = try TestDirectory()
        let (run, straight) = (WrittenRun(directory.file("run")), directory.file("straight"))
        let ranks = Launch.mpirun(ranks: 2).dropFirst().joined(separator: " ")
        try directory.write(script: "#!/bin/sh\nshift 4\nexec \"$REAL_MPIRUN\" \(ranks) \"$@\"\n", "mpirun")
        try directory.write(script: "#!/bin/sh\necho \"$@\" >>\(directory.file("asked"))\n", "scontrol")
        let options = tinyTraining.dropFirst() + ["--epochs", "1000000", "--quiet"]
        func job(_ more: [String] = []) throws -> RunningProgram {
            let line = "export REAL_MPIRUN=$(command -v mpirun) PATH=\(directory.path):$PATH; exec \"$@\""
            return try RunningProgram(
                ["bash", "-c", line, "bash", "bash", Launch.script("slurm.sbatch")] + options + more, processes: 2,
                environment: [
                    "SLURM_JOB_ID": "7", "SLURM_SUBMIT_DIR": Launch.root, "LOCKSTEP": Launch.product("lockstep"),
                    "LOCKSTEP_OUTPUT": run.path,
                ])
        }
        let stopped = try job()
        try stopped.wait(for: "the first step") { run.lastStep > 0 }
        stopped.send(SIGUSR1)
        let first = try stopped.end()
        #expect(first.exitCode == 11, "\(first.errors)")
        #expect(try String(contentsOfFile: directory.file("asked"), encoding: .utf8) == "requeue 7\n")
        let last = ["--max-steps", "\(run.newestCheckpoint + 10)"]
        let second = try job(last).end()
        #expect(second.exitCode == 0, "\(second.errors)")
        let alone = try Launch.lockstep(["train"] + options + last + ["--output", straight])
        #expect(alone.exitCode == 0)
        #expect(try Launch.digest(ofRun: run.path) == Launch.digest(ofRun: straight))
    }
}
