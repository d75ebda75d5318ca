import Foundation
import TestSupport
import Testing

@Suite("lockstep train, from the command line", .serialized)
struct TrainCommandTests {
    // Guards the first promise over real MPI: the checkpoint's digest is the same alone and under mpirun.
    @Test(arguments: [1, 2, 3, 4, 5])
    func checkpointsAreTheSameOnAnyNumberOfRanks(ranks: Int) throws {
        let directory = try TestDirectory()
        let alone = try Launch.lockstep(tinyTraining + ["--epochs", "2", "--output", directory.path + "/alone"])
        #expect(alone.exitCode == 0, "\(alone.errors)")
        let many = try Launch.lockstep(
            tinyTraining + ["--epochs", "2", "--output", directory.path + "/many"], ranks: ranks)
        #expect(many.exitCode == 0, "\(many.errors)")
        let digest = try Launch.digest(ofRun: directory.path + "/alone")
        #expect(!digest.isEmpty)
        #expect(try Launch.digest(ofRun: directory.path + "/many") == digest)
    }

    // Guards: what a person sees without a terminal: the notice about synthetic data, and one line per epoch with
    // training and validation figures, and at the end the memory of a rank, once, from rank 0 only.
    @Test(arguments: [1, 3])
    func showsOneLineAnEpoch(ranks: Int) throws {
        let directory = try TestDirectory()
        let launch = try Launch.lockstep(
            tinyTraining + ["--epochs", "2", "--output", directory.path + "/run"], ranks: ranks)
        let lines = launch.output.split(separator: "\n")
        #expect(lines.filter { $0.contains("SYNTHETIC") }.count == 1)
        #expect(lines.filter { $0.contains("validation loss") && $0.contains("validation accuracy") }.count == 2)
        #expect(lines.filter { $0.hasPrefix("The largest rank takes ") }.count == 1)
        #expect(!launch.output.contains("\r") && !launch.output.contains("\u{1B}"))
    }

    // Guards: --quiet says nothing and does everything.
    @Test func quietIsSilent() throws {
        let directory = try TestDirectory()
        let launch = try Launch.lockstep(
            tinyTraining + ["--epochs", "1", "--quiet", "--output", directory.path + "/run"])
        #expect(launch.exitCode == 0 && launch.output.isEmpty && launch.errors.isEmpty)
        #expect(FileManager.default.fileExists(atPath: directory.path + "/run/metrics.jsonl"))
    }

    // Guards: threads that must share cores are warned of in one line, training goes on, and --quiet silences the line.
    @Test func sharedCoresAreWarnedOf() throws {
        let directory = try TestDirectory()
        let options = tinyTraining + ["--granules", "512", "--threads", "300", "--max-steps", "1"]
        let launch = try Launch.lockstep(options + ["--output", directory.path + "/run"])
        #expect(launch.exitCode == 0, "\(launch.errors)")
        #expect(launch.warnings.count == 1 && !launch.output.contains("Warning: "), "\(launch.errors)")
        // A processor limit is the nearer cause where there is one.
        let words = [" runs 1 rank with 300 threads in all on ", "of control group"]
        #expect(words.contains { launch.errors.contains($0) }, "\(launch.errors)")
        let quiet = try Launch.lockstep(options + ["--quiet", "--output", directory.path + "/quiet"])
        #expect(quiet.exitCode == 0 && quiet.output.isEmpty && quiet.errors.isEmpty, "\(quiet.errors)")
    }

    // Guards: a run killed by SIGKILL goes on from its newest checkpoint, on other ranks,
    // and ends as an uninterrupted one.
    @Test func survivesSIGKILL() throws {
        let directory = try TestDirectory()
        let run = WrittenRun(directory.file("killed"))
        let options = tinyTraining + ["--epochs", "1000000", "--checkpoint-every", "1", "--quiet"]
        let victim = try RunningProgram([Launch.product("lockstep")] + options + ["--output", run.path])
        try victim.wait(for: "the fourth checkpoint") { run.newestCheckpoint >= 4 }
        victim.send(SIGKILL)
        #expect(try victim.end().exitCode == 128 + SIGKILL)
        let last = ["--max-steps", "\(run.lastStep + 5)"]
        let resumed = try Launch.lockstep(
            ["train", "--data", "synthetic", "--resume", "--output", run.path] + last, ranks: 3)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        let straight = try Launch.lockstep(options + last + ["--output", directory.file("straight")])
        #expect(straight.exitCode == 0, "\(straight.errors)")
        #expect(try Launch.digest(ofRun: run.path) == Launch.digest(ofRun: directory.file("straight")))
    }

    // Guards: a stored plan goes on with changes that are possible; the others are refused with the option's name.
    @Test func resumeKeepsThePlan() throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        _ = try Launch.lockstep(tinyTraining + ["--epochs", "1", "--quiet", "--output", run])
        let resume = ["train", "--data", "synthetic", "--resume", "--quiet", "--output", run]
        let refused = try Launch.lockstep(resume + ["--stages", "16x1"], ranks: 2)
        #expect(refused.exitCode == 4)
        #expect(refused.sentences.count == 1 && refused.sentences[0].contains("--stages"))
        let longer = try Launch.lockstep(resume + ["--epochs", "2"], ranks: 2)
        #expect(longer.exitCode == 0, "\(longer.errors)")
        #expect(FileManager.default.fileExists(atPath: run + "/checkpoint-00000006.safetensors"))
    }
}
