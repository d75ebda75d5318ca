import Foundation
import Testing

/// The batch script with a stand-in for Slurm: `scontrol` notes what it is asked, `mpirun` starts two real ranks.
@Suite("scripts/slurm.sbatch")
struct SlurmTests {
    // Guards: the signal that Slurm sends before the time limit stops the run with a checkpoint and queues the job again;
    // the next time, the job goes on from there to the end, and the weights are those of a run that nobody stopped.
    @Test(.timeLimit(.minutes(2))) func stopsAndGoesOn() throws {
        let directory = try TestDirectory()
        let (run, straight) = (directory.path + "/run", directory.path + "/straight")
        for (name, text) in [
            ("mpirun", "#!/bin/sh\nshift 4\nexec \"$REAL_MPIRUN\" -np 2 --oversubscribe --bind-to none \"$@\"\n"),
            ("scontrol", "#!/bin/sh\necho \"$@\" >>\(directory.path)/asked\n"),
        ] {
            let path = "\(directory.path)/\(name)"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        let options = tinyTraining.dropFirst().joined(separator: " ") + " --epochs 400 --quiet"
        let job = """
            export REAL_MPIRUN=$(command -v mpirun) PATH=\(directory.path):$PATH SLURM_JOB_ID=7 SLURM_SUBMIT_DIR=\(Launch.root)
            export LOCKSTEP=\(Launch.product("lockstep")) LOCKSTEP_OUTPUT=\(run)
            bash \(Launch.root)/scripts/slurm.sbatch \(options) &
            """
        let stop = "until [ -s \(run)/metrics.jsonl ]; do sleep 0.02; done; kill -USR1 $!; wait $!"
        let first = try Launch.run(
            ["env", "--default-signal=USR1", "bash", "-c", job + "\n" + stop], seconds: 60)
        #expect(first.exitCode == 11, "\(first.errors)")
        #expect(try String(contentsOfFile: directory.path + "/asked", encoding: .utf8) == "requeue 7\n")
        let second = try Launch.run(["bash", "-c", job + "\nwait $!"], seconds: 90)
        #expect(second.exitCode == 0, "\(second.errors)")
        let alone = try Launch.lockstep(tinyTraining + ["--epochs", "400", "--quiet", "--output", straight])
        #expect(alone.exitCode == 0)
        #expect(try Launch.digest(ofRun: run) == Launch.digest(ofRun: straight))
    }
}
