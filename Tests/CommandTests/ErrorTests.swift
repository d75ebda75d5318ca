import Foundation
import TestSupport
import Testing

@Suite("Every failure is one sentence and an exit code", .serialized)
struct ErrorTests {
    /// The launch ended with the code and one sentence of ours that holds the words; no stack trace, no time-out.
    private func expect(_ launch: Launch, code: Int32, says words: String, source: SourceLocation = #_sourceLocation) {
        #expect(launch.exitCode == code, "\(launch.errors)", sourceLocation: source)
        #expect(launch.sentences.count == 1, "\(launch.errors)", sourceLocation: source)
        #expect(launch.sentences.first?.contains(words) == true, "\(launch.errors)", sourceLocation: source)
        #expect(!launch.errors.contains("Fatal error") && !launch.errors.contains("Stack dump"), sourceLocation: source)
    }

    // Guards: wrong options, alone and under mpirun: one sentence from rank 0, code 2.
    @Test(arguments: [
        (["train", "--epoch", "3"], "did you mean --epochs"), (["train", "--epochs", "0"], "--epochs"),
        (["train", "--epochs"], "--epochs"), (["train", "--stages", "64y3"], "64x3,128x3,256x3"),
        (["train", "--stages", "8x1,8x1,8x1,8x1,8x1,8x1,8x1"], "Stage 7"), (["train", "--recipe", "cake"], "article"),
        (["train", "--dropout", "1"], "--dropout"), (["fly"], "fly"), (["train", "--resume"], "--output"),
        (["train", "--optimizer", "lion"], "sgd"), (["summary", "--stages", "0x3"], "Stage 1"),
    ])
    func wrongOptions(_ arguments: [String], _ words: String) throws {
        expect(try Launch.lockstep(arguments), code: 2, says: words)
    }

    @Test func wrongOptionUnderMPI() throws {
        expect(try Launch.lockstep(["train", "--epoch", "3"], ranks: 3), code: 2, says: "did you mean --epochs")
    }

    // Guards: more ranks than the batch has images, or than granules.
    @Test func tooManyRanks() throws {
        let directory = try TestDirectory()
        let options = ["--output", directory.path + "/run"]
        let few = try Launch.lockstep(tinyTraining + options + ["--granules", "2"], ranks: 3)
        expect(few, code: 2, says: "--granules 3")
    }

    // Guards: missing, short and mislabelled data name the file, and the rank that lacks it.
    @Test(arguments: [1, 2])
    func badData(ranks: Int) throws {
        let directory = try TestDirectory()
        let options = ["train", "--output", directory.path + "/run", "--data", directory.path + "/data"]
        expect(try Launch.lockstep(options, ranks: ranks), code: 3, says: "data_batch_1.bin")
        try FileManager.default.createDirectory(atPath: directory.path + "/data", withIntermediateDirectories: true)
        var records = Data(count: 3073 * 2)
        for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
            try records.write(to: URL(fileURLWithPath: directory.path + "/data/" + name))
        }
        let third = URL(fileURLWithPath: directory.path + "/data/data_batch_3.bin")
        try records.dropLast().write(to: third)
        let again = options.map { $0.hasSuffix("/run") ? $0 + "2" : $0 }
        expect(try Launch.lockstep(again, ranks: ranks), code: 3, says: "data_batch_3.bin has 6145 bytes")
        records[3073] = 10
        try records.write(to: third)
        let last = options.map { $0.hasSuffix("/run") ? $0 + "3" : $0 }
        expect(try Launch.lockstep(last, ranks: ranks), code: 3, says: "label 10 in record 1")
    }

    // Guards: data that is missing on one host only names rank and host, and nobody hangs.
    @Test func dataMissingOnOneRank() throws {
        let directory = try TestDirectory()
        let output = ["--output", directory.path + "/run"]
        let binary = Launch.product("lockstep")
        let launch = try Launch.mpirun([
            ["-np", "1", binary] + tinyTraining + output,
            ["-np", "1", binary] + tinyTraining.map { $0 == "synthetic" ? "/nowhere" : $0 } + output,
        ])
        expect(launch, code: 3, says: "Rank 1 on ")
    }

    // Guards: ranks of different builds, plans or data do not train together, and leave no directory.
    @Test func ranksThatDisagree() throws {
        let directory = try TestDirectory()
        let binary = Launch.product("lockstep")
        let other = directory.path + "/lockstep-other"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: binary))
        bytes.append(0)
        try bytes.write(to: URL(fileURLWithPath: other))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: other)
        func launch(_ name: String, _ program: String, _ options: [String]) throws -> Launch {
            let output = ["--output", directory.path + "/" + name]
            return try Launch.mpirun([
                ["-np", "1", binary] + tinyTraining + output, ["-np", "1", program] + tinyTraining + output + options,
            ])
        }
        expect(try launch("a", other, []), code: 7, says: "another build of lockstep")
        expect(try launch("b", binary, ["--seed", "2"]), code: 7, says: "another training plan")
        #expect(directory.names == ["lockstep-other"])
    }

    // Guards: nothing of an earlier run is overwritten, and an unusable directory is a sentence.
    @Test(arguments: [1, 2])
    func outputInUse(ranks: Int) throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        let options = tinyTraining + ["--epochs", "1", "--quiet", "--output"]
        _ = try Launch.lockstep(options + [run])
        let before = try FileManager.default.contentsOfDirectory(atPath: run).sorted()
        expect(try Launch.lockstep(options + [run], ranks: ranks), code: 5, says: "--resume")
        #expect(try FileManager.default.contentsOfDirectory(atPath: run).sorted() == before)
        let below = run + "/metrics.jsonl/run"
        expect(try Launch.lockstep(options + [below], ranks: ranks), code: 5, says: "cannot be made: not a directory")
    }

    // Guards: checkpoints that are missing, no checkpoints, damaged, or of another network.
    @Test func badCheckpoints() throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        expect(try Launch.lockstep(["inspect", run]), code: 4, says: run)
        expect(
            try Launch.lockstep(["train", "--data", "synthetic", "--resume", "--output", run], ranks: 2), code: 4,
            says: run)
        _ = try Launch.lockstep(tinyTraining + ["--epochs", "1", "--quiet", "--output", run])
        let file = run + "/checkpoint-00000003.safetensors"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        let damaged = directory.path + "/damaged.safetensors"
        try bytes.dropLast(9).write(to: URL(fileURLWithPath: damaged))
        expect(try Launch.lockstep(["evaluate", damaged, "--data", "synthetic"]), code: 4, says: damaged)
        var flipped = bytes
        flipped[flipped.count / 2] ^= 4
        try flipped.write(to: URL(fileURLWithPath: damaged))
        expect(try Launch.lockstep(["inspect", damaged]), code: 4, says: damaged)
        let options = ["train", "--data", "synthetic", "--init", file, "--output", directory.path + "/other"]
        expect(try Launch.lockstep(options, ranks: 2), code: 4, says: "units.0.conv.weight")
    }

    // Guards: training that blows up says so instead of writing numbers that are none.
    @Test func divergence() throws {
        let directory = try TestDirectory()
        let options = ["--optimizer", "sgd", "--learning-rate", "1e30", "--output", directory.path + "/run"]
        expect(try Launch.lockstep(tinyTraining + options, ranks: 2), code: 8, says: "--learning-rate")
    }
}
