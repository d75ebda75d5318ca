import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite struct CheckpointDirectoryTests {
    let temporary: TestDirectory
    let directory: CheckpointDirectory

    init() throws {
        temporary = try TestDirectory()
        directory = CheckpointDirectory(path: temporary.path)
    }

    @Test("names have eight digits, and more when the step needs them")
    func names() {
        #expect(CheckpointDirectory.fileName(step: 0) == "checkpoint-00000000.safetensors")
        #expect(CheckpointDirectory.fileName(step: 391) == "checkpoint-00000391.safetensors")
        #expect(CheckpointDirectory.fileName(step: 1_234_567_890) == "checkpoint-1234567890.safetensors")
    }

    @Test("only names the program gives are listed, by step and not by text")
    func lists() throws {
        for name in [
            "checkpoint-00000020.safetensors", "checkpoint-123456789.safetensors", "checkpoint-00000003.safetensors",
            "checkpoint-+0000004.safetensors", "checkpoint-5.safetensors", "checkpoint-000000006.safetensors",
            "checkpoint-00000007.safetensors.old", "checkpoint-99999999999999999999.safetensors",
            "checkpoint-.safetensors",
            "metrics.jsonl", ".checkpoint-00000008.safetensors.1.partial",
        ] { try temporary.write([], name) }
        #expect(try directory.list().map(\.step) == [3, 20, 123_456_789])
        #expect(try directory.list().first?.path == temporary.file("checkpoint-00000003.safetensors"))
    }

    @Test("the newest whole checkpoint is found, and each newer one that is not gets a sentence")
    func fallsBack() throws {
        for step in [10, 20, 30, 40, 50, 60] { try directory.save(CheckpointFixture().checkpoint(step: step)) }
        let names = [60, 50, 40, 30].map(CheckpointDirectory.fileName)
        let bytes = try temporary.read(names[0])
        try temporary.write(Array(bytes.dropLast(5)), names[0])
        var flipped = try temporary.read(names[1])
        flipped[flipped.count - 9] ^= 4
        try temporary.write(flipped, names[1])
        try temporary.write([], names[2])
        try SafetensorsWriter.write([], metadata: [:], to: temporary.file(names[3]))
        let search = try directory.newestValid()
        #expect(search.location?.step == 20)
        #expect(try search.checkpoint?.number(CheckpointKey.step) == 20)
        #expect(search.skipped.map(\.problem) == [.damaged, .damaged, .damaged, .unsupported])
        for (error, name) in zip(search.skipped, names) { #expect(error.description.contains(name)) }
        #expect(search.skipped[1].description.contains("SHA-256"))
    }

    @Test("without any valid checkpoint the search is empty, and without a directory there is a sentence")
    func findsNothing() throws {
        #expect(try directory.newestValid().checkpoint == nil)
        try temporary.write([1, 2], CheckpointDirectory.fileName(step: 1))
        let search = try directory.newestValid()
        #expect(search.location == nil && search.checkpoint == nil && search.skipped.count == 1)
        let gone = CheckpointDirectory(path: temporary.file("gone"))
        #expect(
            checkpointError { _ = try gone.newestValid() }?.description
                == "\(gone.path) does not exist. Give the directory of an earlier run.")
        let file = CheckpointDirectory(path: temporary.file(CheckpointDirectory.fileName(step: 1)))
        #expect(checkpointError { _ = try file.list() }?.problem == .unreadable)
    }

    @Test("the newest ones are kept, the new one among them", arguments: [1, 2, 3, 5])
    func prunes(keep: Int) throws {
        for step in 1...6 { try directory.save(CheckpointFixture().checkpoint(step: step), keep: keep) }
        #expect(try directory.list().map(\.step) == Array((7 - keep)...6))
    }

    @Test("a truncated file does not push out a good one, and later steps are another line's")
    func prunesWithCare() throws {
        for step in [10, 20, 30, 90] { try directory.save(CheckpointFixture().checkpoint(step: step)) }
        let broken = CheckpointDirectory.fileName(step: 30)
        try temporary.write(Array(try temporary.read(broken).dropLast()), broken)
        try directory.save(CheckpointFixture().checkpoint(step: 40), keep: 2)
        #expect(try directory.list().map(\.step) == [20, 30, 40, 90])
    }

    // Guards: a state that no run can go on from is passed over, and does not count among those that are kept.
    @Test(
        "a checkpoint with unusable numbers counts as none", arguments: ["units.0.bn.running_var", "classifier.bias"])
    func passesOverUnusableNumbers(name: String) throws {
        for step in [10, 20] { try directory.save(CheckpointFixture().checkpoint(step: step)) }
        let good = CheckpointFixture().checkpoint(step: 30)
        var bad = Checkpoint(metadata: good.metadata)
        for tensor in good.tensors {
            let value: Float = name.hasSuffix("var") ? -0.5 : .nan
            let values = tensor.name == name ? tensor.values.map { _ in value } : tensor.values
            bad.append(NamedTensor(name: tensor.name, shape: tensor.shape, values: values))
        }
        try directory.save(bad)
        let search = try directory.newestValid()
        #expect(search.location?.step == 20 && search.skipped.map(\.problem) == [.unusable])
        #expect(search.skipped.first?.description.contains(name) == true)
        try directory.save(CheckpointFixture().checkpoint(step: 40), keep: 2)
        #expect(try directory.list().map(\.step) == [20, 30, 40])
    }

    @Test("when a checkpoint cannot be written, no earlier one is deleted")
    func deletesNothingOnFailure() throws {
        for step in [1, 2, 3] { try directory.save(CheckpointFixture().checkpoint(step: step)) }
        let blocked = temporary.file(CheckpointDirectory.fileName(step: 4))
        try FileManager.default.createDirectory(atPath: blocked, withIntermediateDirectories: false)
        let error = checkpointError { try directory.save(CheckpointFixture().checkpoint(step: 4), keep: 1) }
        #expect(error?.problem == .unwritable)
        #expect(try directory.list().map(\.step) == [1, 2, 3, 4])
        #expect(try directory.newestValid().location?.step == 3)
    }

    @Test("temporary files of killed processes go, those of a living one stay")
    func clearsAbandonedFiles() throws {
        let (old, fresh) = (".checkpoint-00000001.safetensors.9.partial", ".checkpoint-00000002.safetensors.9.partial")
        for name in [old, fresh] { try temporary.write([1], name) }
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: temporary.file(old))
        try directory.save(CheckpointFixture().checkpoint(step: 3))
        #expect(temporary.names == [fresh, "checkpoint-00000003.safetensors"])
    }
}
