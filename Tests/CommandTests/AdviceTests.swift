import Foundation
import TestSupport
import Testing

@Suite("Advice is about what is the matter", .serialized)
struct AdviceTests {
    // Guards: who resumes a run that has reached its end is told which option ended it, and not another one.
    @Test(arguments: [
        (["--epochs", "1"], "Raise --epochs to"), (["--epochs", "9", "--max-steps", "3"], "Raise --max-steps to"),
        (["--epochs", "1", "--max-steps", "2"], "Raise --epochs and --max-steps to"),
    ]) func reachedEnd(limits: [String], advice: String) throws {
        let directory = try TestDirectory()
        let output = ["--output", directory.path + "/run"]
        #expect(try Launch.lockstep(tinyTraining + ["--epochs", "1", "--quiet"] + output).exitCode == 0)
        for ranks in [nil, 3] {
            let again = try Launch.lockstep(
                ["train", "--data", "synthetic", "--resume"] + output + limits, ranks: ranks)
            #expect(again.exitCode == 0, "\(again.errors)")
            #expect(again.output.contains("Nothing to do: ") && again.output.contains(advice), "\(again.output)")
        }
    }

    // Guards: a path that Swift would repair into another one is refused before anything is made under a wrong name.
    @Test func wordsThatAreNotText() throws {
        let directory = try TestDirectory()
        let words = (["./lockstep"] + tinyTraining + ["--quiet", "--output"]).joined(separator: " ")
        let launch = try Launch.run(
            ["bash", "-c", "cd '\(Launch.products.path)' && exec \(words) '\(directory.path)'/$'a\\xff'"])
        #expect(launch.exitCode == 2, "\(launch.errors)")
        #expect(launch.sentences.count == 1 && launch.sentences.first?.contains("is not UTF-8") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
    }

    // Guards: where the system refuses that ranks read each other's memory, doctor and train say so once, with the option
    // that mends it; with that option neither they nor Open MPI say anything. Rank 1 is refused because it may do less.
    @Test(.enabled(if: geteuid() == 0, "only root can give ranks different rights"))
    func refusedCrossMemoryAttach() throws {
        let directory = try TestDirectory()
        let binary = Launch.product("lockstep")
        let advice = "--mca btl_vader_single_copy_mechanism none"
        func launch(_ command: [String], _ settings: [String] = []) throws -> Launch {
            try Launch.mpirun([
                settings + ["-np", "1", binary] + command,
                ["-np", "1", "setpriv", "--bounding-set=-all", "--inh-caps=-all", binary] + command,
            ])
        }
        let doctor = try launch(["doctor", "--no-measurements"])
        #expect(doctor.exitCode == 0 && doctor.output.contains(advice), "\(doctor.errors)")
        // Messages have to be large enough for Open MPI to move them so.
        let train = tinyTraining.map { $0 == "8x1,16x1" ? "32x1,64x1" : $0 } + ["--epochs", "1", "--output"]
        let warned = try launch(train + [directory.path + "/warned"])
        #expect(warned.exitCode == 0 && warned.errors.contains("Read -1, expected "), "\(warned.errors)")
        #expect(warned.warnings.filter { $0.contains(advice) }.count == 1, "\(warned.errors)")
        let option = ["--mca", "btl_vader_single_copy_mechanism", "none"]
        let mended = try launch(train + [directory.path + "/mended"], option)
        #expect(mended.exitCode == 0 && !mended.errors.contains(advice) && !mended.errors.contains("Read -1"))
    }
}
