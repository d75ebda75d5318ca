import Foundation
import TestSupport
import Testing

@Suite("The other commands", .serialized)
struct OtherCommandTests {
    // Guards: the three totals of the article's network, and that the table is data.
    @Test func summaryCountsParameters() throws {
        let article = try Launch.lockstep(["summary"])
        #expect(article.output.contains("Total parameters: 1,926,934"))
        #expect(article.output.contains("Trainable parameters: 1,924,752"))
        #expect(article.output.contains("Non-trainable parameters: 2,182"))
        let strided = try Launch.lockstep(["summary", "--pooling", "strided", "--stages", "8x1,16x1"])
        #expect(strided.output.contains("Conv 3×3 /2") && strided.output.contains("16×16×16"))
        let activated = try Launch.lockstep(["summary", "--architecture", "article-final-activation"])
        #expect(activated.output.contains("final_bn"))
    }

    // Guards: evaluation of a checkpoint is the evaluation of the run that wrote it, on any number of ranks and threads
    // and however unequal their shares. The memory that the run speaks of is in its metrics as well.
    @Test(arguments: [
        (1, []), (2, []), (3, []), (1, ["--threads", "3"]), (3, ["--balance", "1,4,2"]),
        (2, ["--balance", "measured", "--threads", "2"]),
    ])
    func evaluateAgreesWithTheRun(ranks: Int, options: [String]) throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        _ = try Launch.lockstep(tinyTraining + ["--epochs", "2", "--quiet", "--output", run], ranks: 2)
        let lines = try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8).split(separator: "\n")
        let last = try #require(JSONSerialization.jsonObject(with: Data(lines.last!.utf8)) as? [String: Any])
        #expect(try #require(last["private_memory_bytes"] as? Int) > 0)
        let launch = try Launch.lockstep(
            ["evaluate", run, "--data", "synthetic", "--json"] + options, ranks: ranks)
        let result = try #require(JSONSerialization.jsonObject(with: Data(launch.output.utf8)) as? [String: Any])
        #expect(result["images"] as? Int == 30)
        #expect(result["accuracy"] as? Double == last["validation_accuracy"] as? Double)
        #expect(result["loss"] as? Double == last["validation_loss"] as? Double)
    }

    // Guards: the measurement prints one JSON line with the names that the peer's prints, from rank 0 only.
    @Test(arguments: [1, 2])
    func throughputPrintsOneJSONLine(ranks: Int) throws {
        let launch = try Launch.lockstep(
            [
                "benchmark", "throughput", "--stages", "8x1", "--global-batch", "32", "--steps", "3", "--json",
                "--bucket-bytes", "1001",
            ],
            ranks: ranks)
        #expect(launch.output.split(separator: "\n").count == 1)
        let result = try #require(JSONSerialization.jsonObject(with: Data(launch.output.utf8)) as? [String: Any])
        #expect(result["ranks"] as? Int == ranks && result["threads"] as? Int == 1)
        #expect(result["global_batch"] as? Int == 32)
        let median = try #require(result["images_per_second"] as? Double)
        let best = try #require(result["best_images_per_second"] as? Double)
        #expect(median > 0 && best >= median)
        #expect(result["bucket_bytes"] as? Int == 1001)
        let accounts = try #require(result["by_rank"] as? [[String: Double]])
        #expect(accounts.count == ranks)
        for key in ["compute", "exchange_work", "exposed_communication", "slowest_rank", "data_wait"] {
            let mean = try #require(result[key + "_seconds"] as? Double)
            let sum = accounts.reduce(0) { $0 + ($1[key + "_seconds"] ?? .nan) }
            #expect(abs(mean - sum / Double(ranks)) < 1e-12, "\(key)")
            if ranks == 1, key != "compute" { #expect(mean == 0, "\(key)") }
        }
    }

    // Guards: who measures for long can follow every counted step while it goes on, in the form that training records
    // steps in; a second measurement adds to the file of the first. A file that cannot be written to ends it with a
    // sentence, on all ranks.
    @Test(arguments: [1, 3])
    func throughputRecordsSteps(ranks: Int) throws {
        let directory = try TestDirectory()
        let command = [
            "benchmark", "throughput", "--stages", "8x1", "--global-batch", "32", "--steps", "3", "--metrics",
        ]
        let file = directory.path + "/steps.jsonl"
        for _ in 0..<2 { #expect(try Launch.lockstep(command + [file], ranks: ranks).exitCode == 0) }
        let records = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(records.map { $0["step"] as? Int } == [1, 2, 3, 1, 2, 3])
        for record in records {
            let seconds = try #require(record["seconds"] as? Double)
            #expect(record["kind"] as? String == "step" && seconds > 0)
            let rate = try #require(record["images_per_second"] as? Double)
            #expect(abs(rate * seconds - 32) < 1e-9)
            let phases = ["compute", "exchange_work", "exposed_communication", "slowest_rank", "data_wait"]
            let parts = phases.compactMap { record[$0 + "_seconds"] as? Double }
            #expect(parts.count == 5 && abs(parts.reduce(0, +) - seconds) < 1e-9)
        }

        let failed = try Launch.lockstep(command + [directory.path + "/missing/steps.jsonl"], ranks: ranks)
        #expect(failed.exitCode != 0 && failed.sentences.count == 1, "\(failed.errors)")
        #expect(failed.errors.contains("cannot be opened for writing: no such file or directory."))
    }

    // Guards: a person sees where a step's time goes, with several ranks which one the others wait for, also because the
    // granules cannot be shared evenly, and what memory a rank takes.
    @Test(arguments: [1, 3])
    func throughputSaysWhereTimeGoes(ranks: Int) throws {
        let launch = try Launch.lockstep(
            ["benchmark", "throughput", "--stages", "8x1", "--global-batch", "32", "--steps", "2"], ranks: ranks)
        let lines = launch.output.split(separator: "\n")
        #expect(lines.count == (ranks == 1 ? 3 : 5))
        #expect(lines[0].hasPrefix(ranks == 1 ? "1 rank, " : "3 ranks, ") && lines[0].contains(" images/s, best "))
        #expect(lines[1].hasPrefix(ranks == 1 ? "Median step: compute " : "Median step, mean of the ranks: compute "))
        #expect(lines[1].contains("exposed communication "))
        if ranks > 1 {
            #expect(lines[2].hasPrefix("Shares: 5, 5, 6 of 16 granules ") && lines[2].contains("--granules 12 "))
            #expect(lines[3].hasPrefix("The slowest is rank "))
        }
        #expect(lines[lines.count - 1].hasPrefix("The largest rank takes "))
    }

    // Guards: the memory is that of a rank at work: more images take more, by at least what their first output takes.
    @Test func throughputCountsTheBuffers() throws {
        func bytes(_ images: Int) throws -> Int {
            let launch = try Launch.lockstep([
                "benchmark", "throughput", "--stages", "64x1", "--global-batch", "\(images)", "--steps", "1", "--json",
            ])
            let line = try #require(JSONSerialization.jsonObject(with: Data(launch.output.utf8)) as? NSDictionary)
            let bytes = try #require(line["private_memory_bytes"] as? Int)
            #expect(try #require(line["peak_resident_bytes"] as? Int) >= bytes)
            return bytes
        }
        #expect(try bytes(96) - bytes(32) > 64 * 32 * 32 * 64 * 4)
    }

    // Guards: more threads than cores are warned of once, beside the figures and not among them.
    @Test func oversubscriptionIsWarnedOf() throws {
        let launch = try Launch.lockstep([
            "benchmark", "throughput", "--stages", "8x1", "--global-batch", "32", "--steps", "1", "--threads", "300",
            "--granules", "512", "--json",
        ])
        #expect(launch.errors.contains("Warning: ") && launch.errors.contains("1 rank with 300 threads in all on "))
        #expect(launch.output.hasPrefix("{") && launch.output.contains("\"threads\":300"))

        let directory = try TestDirectory()
        let run = directory.path + "/run"
        _ = try Launch.lockstep(tinyTraining + ["--epochs", "1", "--granules", "512", "--output", run])
        let evaluation = try Launch.lockstep(["evaluate", run, "--data", "synthetic", "--threads", "300", "--json"])
        #expect(evaluation.warnings.count == 1 && evaluation.errors.contains("1 rank with 300 threads in all on "))
        #expect(evaluation.output.hasPrefix("{") && evaluation.exitCode == 0)
    }

    // Guards: the options of a person reach the plan, and nothing else changes.
    @Test func printPlanShowsOverrides() throws {
        func plan(_ options: [String]) throws -> NSDictionary {
            let launch = try Launch.lockstep(["train", "--print-plan"] + options)
            return try #require(JSONSerialization.jsonObject(with: Data(launch.output.utf8)) as? NSDictionary)
        }
        let changed = try #require(try plan([]).mutableCopy() as? NSMutableDictionary)
        changed["epochs"] = 3
        changed["learningRate"] = 5e-4
        #expect(try plan(["--recipe", "article", "--epochs", "3", "--learning-rate", "5e-4"]) == changed)
        #expect(try plan(["--recipe", "e-book"])["schedule"] as? String == "step")
    }

    // Guards: an inspected checkpoint shows where the run stood and what it holds.
    @Test func inspectShowsContents() throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        _ = try Launch.lockstep(tinyTraining + ["--max-steps", "2", "--quiet", "--output", run])
        let inspected = try Launch.lockstep(["inspect", run]).output
        for words in ["lockstep.step: 2", "units.1.conv.weight", "16×8×3×3", "normalization.mean", "optimizer."] {
            #expect(inspected.contains(words), "\(words)")
        }
    }
}
