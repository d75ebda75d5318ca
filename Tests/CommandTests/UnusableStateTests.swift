import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("A state that no run can go on from is not written, and not taken up", .serialized)
struct UnusableStateTests {
    private static let resume = ["train", "--data", "synthetic", "--resume", "--quiet"]

    /// A finished epoch of three steps.
    private func run(in directory: TestDirectory) throws -> String {
        let run = directory.path + "/run"
        let launch = try Launch.lockstep(tinyTraining + ["--epochs", "1", "--quiet", "--output", run])
        #expect(launch.exitCode == 0, "\(launch.errors)")
        return run
    }

    private func checkpoints(_ run: String) throws -> [Int] { try CheckpointDirectory(path: run).list().map(\.step) }

    /// Writes a checkpoint again with other numbers in one tensor, under another step or name if wanted.
    private func rewrite(
        _ path: String, to other: String, step: Int? = nil, prefix: String = "", native: Bool = true, _ tensor: String,
        _ change: (Float) -> Float
    ) throws {
        let read = try Checkpoint(path: path)
        var metadata = read.metadata
        if let step { metadata[CheckpointKey.step] = "\(step)" }
        let tensors = read.tensors.filter { native || !$0.name.contains("optimizer") }.map {
            NamedTensor(
                name: prefix + $0.name, shape: $0.shape, values: $0.name == tensor ? $0.values.map(change) : $0.values)
        }
        guard native else { return try SafetensorsWriter.write(tensors, metadata: [:], to: other) }
        var written = Checkpoint(metadata: metadata)
        for tensor in tensors { written.append(tensor) }
        try written.write(to: other)
    }

    // Guards: a validation loss that is no number ends the run with the code for it on any number of ranks; the good
    // checkpoint stays although only one is kept; and what the sentence advises works.
    @Test(arguments: [nil, 3]) func aDivergedValidationKeepsTheGoodCheckpoint(ranks: Int?) throws {
        let directory = try TestDirectory()
        let run = try run(in: directory)
        let diverged = try Launch.lockstep(
            Self.resume + [
                "--epochs", "2", "--max-steps", "4", "--keep", "1", "--learning-rate", "1e30", "--output", run,
            ],
            ranks: ranks)
        #expect(diverged.exitCode == 8 && diverged.sentences.count == 1, "\(diverged.errors)")
        let sentence = diverged.sentences.first ?? ""
        #expect(sentence.contains("The validation loss after step 4 is not a finite number"), "\(sentence)")
        #expect(sentence.contains("of step 3") && sentence.contains("--resume --output \(run)"), "\(sentence)")
        #expect(try checkpoints(run) == [3])
        let again = try Launch.lockstep(
            Self.resume + ["--epochs", "2", "--learning-rate", "1e-3", "--output", run], ranks: ranks)
        #expect(again.exitCode == 0, "\(again.errors)")
        #expect(try checkpoints(run) == [3, 6])
    }

    // Guards: weights that are finite, but so large that the next step has no loss, do not displace a good checkpoint.
    @Test(arguments: [nil, 3]) func weightsWithoutALossAreNotWritten(ranks: Int?) throws {
        let directory = try TestDirectory()
        let run = try run(in: directory)
        let diverged = try Launch.lockstep(
            Self.resume + ["--epochs", "3", "--checkpoint-every", "1", "--keep", "1", "--learning-rate", "1e30"]
                + ["--output", run], ranks: ranks)
        #expect(diverged.exitCode == 8 && diverged.sentences.count == 1, "\(diverged.errors)")
        let sentence = diverged.sentences.first ?? ""
        #expect(
            sentence.contains("The loss of step 5 is not a finite number") && sentence.contains("of step 3"),
            "\(sentence)")
        #expect(try checkpoints(run) == [3])
    }

    // Guards: a new run that diverges has nothing to go back to, and its sentence does not pretend so.
    @Test(arguments: [nil, 3]) func aNewRunThatDivergesStartsAgain(ranks: Int?) throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        let diverged = try Launch.lockstep(
            tinyTraining + ["--max-steps", "1", "--learning-rate", "1e30", "--output", run], ranks: ranks)
        #expect(diverged.exitCode == 8 && diverged.sentences.count == 1, "\(diverged.errors)")
        let sentence = diverged.sentences.first ?? ""
        #expect(sentence.contains("validation loss") && sentence.contains("start again with another --output"))
        #expect(try checkpoints(run).isEmpty)
    }

    // Guards: a running variance that has left the numbers while the losses are finite is found before it is written.
    @Test(arguments: [nil, 3]) func anOverflownVarianceIsNotWritten(ranks: Int?) throws {
        let directory = try TestDirectory()
        let run = try run(in: directory)
        let huge = directory.path + "/huge.safetensors"
        try rewrite(run + "/checkpoint-00000003.safetensors", to: huge, "units.0.conv.weight") { $0 * 1e24 }
        let other = directory.path + "/other"
        let diverged = try Launch.lockstep(
            tinyTraining + ["--init", huge, "--checkpoint-every", "1", "--output", other], ranks: ranks)
        #expect(diverged.exitCode == 8 && diverged.sentences.count == 1, "\(diverged.errors)")
        #expect(diverged.sentences.first?.contains(".bn.running_var has elements that are not finite") == true)
        #expect(try checkpoints(other).isEmpty)
    }

    // Guards: a checkpoint that an earlier version wrote of such a state is named by verify, with the code for damaged ones,
    // and passed over by --resume, which says so.
    @Test(arguments: [nil, 3]) func unusableCheckpointsArePassedOver(ranks: Int?) throws {
        let directory = try TestDirectory()
        let run = try run(in: directory)
        let name = "checkpoint-00000006.safetensors"
        try rewrite(
            run + "/checkpoint-00000003.safetensors", to: "\(run)/\(name)", step: 6,
            "optimizer.first_moment.classifier.bias"
        ) { _ in .nan }
        let verified = try Launch.lockstep(["verify", run], ranks: ranks)
        #expect(verified.exitCode == 4 && verified.sentences.count == 1, "\(verified.errors)")
        let lines = verified.output.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("UNUSABLE: ") && $0.contains(name) }.count == 1, "\(verified.output)")
        #expect(lines.filter { $0.hasPrefix("whole: ") }.count == 1)
        let resumed = try Launch.lockstep(
            ["train", "--data", "synthetic", "--resume", "--epochs", "2", "--output", run], ranks: ranks)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        #expect(resumed.output.contains("Passed over: \(run)/\(name)"), "\(resumed.output)")
        #expect(try Launch.lockstep(["verify", run]).exitCode == 0)
    }

    // Guards: initial weights that no network can work with are refused by the tensor's name, before training.
    @Test(arguments: [
        ("units.1.bn.running_var", Float(-1), "negative"), ("classifier.weight", .infinity, "not finite"),
        ("units.0.bn.running_mean", .nan, "not finite"),
    ])
    func initialWeightsAreChecked(tensor: String, value: Float, words: String) throws {
        let directory = try TestDirectory()
        let run = try run(in: directory)
        let bad = directory.path + "/bad.safetensors"
        try rewrite(run + "/checkpoint-00000003.safetensors", to: bad, native: false, tensor) { _ in value }
        let refused = try Launch.lockstep(
            tinyTraining + ["--init", bad, "--output", directory.path + "/other"], ranks: 2)
        #expect(refused.exitCode == 4 && refused.sentences.count == 1, "\(refused.errors)")
        let sentence = refused.sentences.first ?? ""
        #expect(sentence.contains(bad) && sentence.contains(tensor) && sentence.contains(words), "\(sentence)")
    }

    // Guards: weights that a wrapper of PyTorch saved, with its word before every name, start the same run as without it.
    @Test func wrappedNamesAreTaken() throws {
        let directory = try TestDirectory()
        let run = try run(in: directory)
        for (name, prefix) in [("plain", ""), ("wrapped", "module.")] {
            let file = "\(directory.path)/\(name).safetensors"
            try rewrite(run + "/checkpoint-00000003.safetensors", to: file, prefix: prefix, native: false, "") { $0 }
            let launch = try Launch.lockstep(
                tinyTraining + ["--init", file, "--max-steps", "2", "--quiet", "--output", "\(directory.path)/\(name)"])
            #expect(launch.exitCode == 0, "\(launch.errors)")
        }
        let same = try Launch.lockstep(["compare", directory.path + "/plain", directory.path + "/wrapped"])
        #expect(same.exitCode == 0, "\(same.output)")
    }
}
