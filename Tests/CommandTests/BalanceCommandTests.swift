import Foundation
import TestSupport
import Testing

@Suite("--balance, from the command line", .serialized)
struct BalanceCommandTests {
    // Guards over real MPI: unequal shares, given and measured, end with the weights of a run alone, and are told once.
    @Test(arguments: [(2, "3,1"), (3, "1,4,2"), (5, "2,1,1,1,2"), (3, "measured")])
    func weightsAreTheSame(ranks: Int, balance: String) throws {
        let directory = try TestDirectory()
        let alone = try Launch.lockstep(tinyTraining + ["--epochs", "2", "--output", directory.path + "/alone"])
        #expect(alone.exitCode == 0, "\(alone.errors)")
        let many = try Launch.lockstep(
            tinyTraining + ["--epochs", "2", "--balance", balance, "--output", directory.path + "/many"],
            ranks: ranks)
        #expect(many.exitCode == 0, "\(many.errors)")
        let told = many.output.split(separator: "\n").filter { $0.hasPrefix("Balance: ") }
        #expect(told.count == 1 && told.first?.contains(" of 16 granules to ranks 0, 1") == true, "\(many.output)")
        #expect(try Launch.digest(ofRun: directory.path + "/many") == Launch.digest(ofRun: directory.path + "/alone"))
    }

    // Guards: the balance is no part of a run: it goes on with another, on other ranks.
    @Test func resumeWithAnother() throws {
        let directory = try TestDirectory()
        let straight = directory.path + "/straight"
        let run = directory.path + "/run"
        for (output, steps) in [(straight, []), (run, ["--max-steps", "2", "--balance", "3,1"])] {
            let launch = try Launch.lockstep(
                tinyTraining + ["--epochs", "2", "--output", output] + steps, ranks: 2)
            #expect(launch.exitCode == 0, "\(launch.errors)")
        }
        let resumed = try Launch.lockstep(
            [
                "train", "--data", "synthetic", "--resume", "--max-steps", "100", "--balance", "1,2,5", "--output",
                run,
            ], ranks: 3)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        #expect(try Launch.digest(ofRun: run) == Launch.digest(ofRun: straight))
    }

    // Guards: the measurement of whole steps takes the same shares, and says so to people and to scripts.
    @Test func throughputIsBalanced() throws {
        let options = [
            "benchmark", "throughput", "--stages", "8x1", "--global-batch", "32", "--steps", "2", "--balance", "3,1",
        ]
        let told = try Launch.lockstep(options, ranks: 2)
        #expect(told.output.contains("\nBalance: 12, 4 of 16 granules to ranks 0, 1.\n"), "\(told.errors)")
        let line = try Launch.lockstep(options + ["--json"], ranks: 2).output
        let result = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(result["granules_by_rank"] as? [Int] == [12, 4])
    }

    // Guards: an evaluation says the shares it was asked for, and refuses those of other ranks with a sentence.
    @Test func evaluationIsBalanced() throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        _ = try Launch.lockstep(tinyTraining + ["--epochs", "1", "--output", run])
        let evaluate = ["evaluate", run, "--data", "synthetic", "--balance"]
        let told = try Launch.lockstep(evaluate + ["3,1"], ranks: 2)
        #expect(told.output.contains("Balance: 12, 4 of 16 granules to ranks 0, 1.\naccuracy "), "\(told.errors)")
        let refused = try Launch.lockstep(evaluate + ["3,1,1"], ranks: 2)
        #expect(refused.exitCode == 2 && refused.sentences.count == 1, "\(refused.errors)")
    }

    // Guards: ranks that were told different balances would wait for each other for ever.
    @Test func ranksThatDisagree() throws {
        let directory = try TestDirectory()
        let train = [Launch.product("lockstep")] + tinyTraining + ["--output", directory.path + "/run"]
        let launch = try Launch.mpirun([
            ["-np", "1"] + train + ["--balance", "3,1"], ["-np", "1"] + train + ["--balance", "1,3"],
        ])
        #expect(launch.exitCode == 7 && launch.sentences.count == 1, "\(launch.errors)")
        #expect(launch.errors.contains("Rank 1 on ") && launch.errors.contains("another --balance than rank 0"))
    }

    // Guards: a wrong list is one sentence and exit code 2 before anything is written.
    @Test(arguments: ["3,1,1", "3,x", "0,1"]) func refused(balance: String) throws {
        let directory = try TestDirectory()
        let launch = try Launch.lockstep(
            tinyTraining + ["--balance", balance, "--output", directory.path + "/run"], ranks: 2)
        #expect(launch.exitCode == 2)
        #expect(launch.sentences.count == 1 && launch.errors.contains("--balance"), "\(launch.errors)")
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/run"))
    }
}
