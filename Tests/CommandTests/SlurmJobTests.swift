import Foundation
import TestSupport
import Testing

@Suite(
    "Batch jobs under a real Slurm", .serialized,
    .enabled(
        if: TestSlurm.obstacle == nil,
        "this machine cannot start a Slurm of two cores; scripts/lab/test-slurm check says why"))
struct SlurmJobTests {
    private func log(_ run: String) -> String { (try? String(contentsOfFile: run + ".log", encoding: .utf8)) ?? "" }

    // Guards: with either launcher the ranks find each other, and the weights are those of a run without Slurm.
    @Test func bothLaunchersTrain() throws {
        let slurm = try TestSlurm()
        let directory = try TestDirectory()
        let alone = try Launch.lockstep(
            tinyTraining + ["--quiet", "--epochs", "3", "--output", directory.path + "/alone"])
        #expect(alone.exitCode == 0, "\(alone.errors)")
        for launcher in ["mpirun", "srun"] {
            let run = directory.path + "/" + launcher
            let job = try slurm.submit(["--epochs", "3"], launcher: launcher, output: run)
            #expect(try slurm.waitForEnd(ofJob: job) == "COMPLETED", "\(log(run))")
            #expect(try Launch.digest(ofRun: run) == Launch.digest(ofRun: directory.path + "/alone"))
        }
    }

    // Guards: the signal that comes before the time limit, and a preemption, which is a requeue to the job, stop the
    // run with a checkpoint; the job waits in the queue again, goes on by itself, and ends with the same weights.
    @Test(arguments: zip([["scancel", "--signal=USR1", "--batch"], ["scontrol", "requeue"]], ["mpirun", "srun"]))
    func queuedAgain(command: [String], launcher: String) throws {
        let slurm = try TestSlurm()
        let directory = try TestDirectory()
        let (run, straight) = (WrittenRun(directory.file("run")), directory.file("straight"))
        // Without end until it is started again: then for ten steps more than its checkpoint has.
        let program = try directory.write(
            script: """
                #!/bin/bash
                newest=$(ls '\(run.path)' 2>/dev/null | sed -n 's/^checkpoint-0*\\([0-9]*\\).*/\\1/p' | sort -n | tail -n 1)
                exec '\(Launch.product("lockstep"))' "$@" ${newest:+--max-steps $((newest + 10))}
                """, "lockstep")
        let job = try slurm.submit(["--epochs", "1000000"], program: program, launcher: launcher, output: run.path)
        try Patience.wait(for: "the first step") { run.lastStep > 0 }
        let asked = try slurm.run(command + [job])
        #expect(asked.exitCode == 0, "\(asked.errors)")
        #expect(try slurm.waitForEnd(ofJob: job) == "COMPLETED", "\(log(run.path))")
        let shown = try slurm.run(["scontrol", "--oneliner", "show", "job", job])
        #expect(shown.output.contains(" Restarts=1 "), "\(shown.output)")
        let alone = try Launch.lockstep(
            tinyTraining + ["--quiet", "--epochs", "1000000", "--max-steps", "\(run.lastStep)", "--output", straight])
        #expect(alone.exitCode == 0)
        #expect(try Launch.digest(ofRun: run.path) == Launch.digest(ofRun: straight))
    }

    // Guards: a rank that dies within a job, with either launcher, does not end the job, which is not queued again: the
    // run goes on from its newest checkpoint to the same weights.
    @Test(arguments: ["mpirun", "srun"])
    func lostRank(launcher: String) throws {
        let slurm = try TestSlurm()
        let directory = try TestDirectory()
        let (run, straight) = (directory.path + "/run", directory.path + "/straight")
        let job = try slurm.submit(
            ["--epochs", "3", "--checkpoint-every", "2", "--inject", "kill:rank=1,step=5"], launcher: launcher,
            output: run)
        #expect(try slurm.waitForEnd(ofJob: job) == "COMPLETED", "\(log(run))")
        #expect(log(run).contains("keep-running:"), "\(log(run))")
        let shown = try slurm.run(["scontrol", "--oneliner", "show", "job", job])
        #expect(shown.output.contains(" Restarts=0 "), "\(shown.output)")
        let alone = try Launch.lockstep(tinyTraining + ["--quiet", "--epochs", "3", "--output", straight])
        #expect(alone.exitCode == 0)
        #expect(try Launch.digest(ofRun: run) == Launch.digest(ofRun: straight))
    }

    // Guards: the doctor advises the options of what started the ranks: srun's, or those of mpirun in the same Slurm.
    @Test(
        arguments: zip(
            ["srun", "mpirun"], [["srun", "--mpi=pmix", "--cpu-bind=none"], ["salloc", "-n", "2", "mpirun"]]))
    func doctorAdvisesTheLauncher(launcher: String, start: [String]) throws {
        let slurm = try TestSlurm()
        let unbound = launcher == "mpirun" ? ["--bind-to", "none"] : []
        let asked = try slurm.run(
            start + unbound + ["-n", "2", Launch.product("lockstep"), "doctor", "--no-measurements"])
        #expect(asked.exitCode == 0, "\(asked.errors)")
        #expect(asked.output.contains("start \(launcher) with "), "\(asked.output)")
        let other = launcher == "srun" ? "mpirun" : "srun"
        #expect(!asked.output.contains(other), "\(asked.output)")
    }
}
