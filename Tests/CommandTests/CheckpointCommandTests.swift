import Foundation
import TestSupport
import Testing

@Suite("lockstep verify, compare and inspect")
struct CheckpointCommandTests {
    // Guards: two runs are told apart or called identical, by table, sentence and exit code; inspect shows the same hash
    // for the same part and another one for another.
    @Test func comparesRuns() throws {
        let directory = try TestDirectory()
        let (one, two, other) = (directory.path + "/one", directory.path + "/two", directory.path + "/other")
        for (run, seed, ranks) in [(one, "1", nil), (two, "1", 3), (other, "2", 2)] as [(String, String, Int?)] {
            let options = ["--epochs", "1", "--quiet", "--seed", seed, "--output", run]
            #expect(try Launch.lockstep(tinyTraining + options, ranks: ranks).exitCode == 0)
        }
        let same = try Launch.lockstep(["compare", one, two])
        #expect(same.exitCode == 0 && same.output.contains("Identical: ") && same.errors.isEmpty)
        let different = try Launch.lockstep(["compare", one, other])
        #expect(different.exitCode == 10 && different.sentences.count == 1)
        #expect(different.output.contains("units.0.conv.weight") && !different.output.contains("normalization.mean"))
        let hashes = try [one, two, other].map { run in
            try Launch.lockstep(["inspect", run]).output.split(separator: "\n").filter { $0.hasPrefix("SHA-256 of ") }
        }
        #expect(hashes[0].count == 3 && hashes[0] == hashes[1])
        #expect(Set(hashes[0]).isDisjoint(with: hashes[2]))
    }

    // Guards: verify names each checkpoint of a run, finds the one with a flipped bit and ends with the code for it; the
    // others are whole.
    @Test func verifiesRuns() throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        #expect(try Launch.lockstep(tinyTraining + ["--epochs", "3", "--quiet", "--output", run]).exitCode == 0)
        let whole = try Launch.lockstep(["verify", run])
        #expect(whole.exitCode == 0 && whole.output.split(separator: "\n").count == 3)
        #expect(whole.output.split(separator: "\n").allSatisfy { $0.hasPrefix("whole: ") && $0.contains("SHA-256 ") })
        let path = run + "/checkpoint-00000006.safetensors"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count - 100] ^= 4
        try bytes.write(to: URL(fileURLWithPath: path))
        let damaged = try Launch.lockstep(["verify", run])
        #expect(damaged.exitCode == 4 && damaged.sentences.count == 1)
        let lines = damaged.output.split(separator: "\n").filter { $0.hasPrefix("DAMAGED: ") }
        #expect(lines.count == 1 && lines[0].contains("checkpoint-00000006"))
        #expect(try Launch.lockstep(["verify", path]).exitCode == 4)
        let missing = try Launch.lockstep(["verify", directory.path + "/none"])
        #expect(missing.exitCode == 4)
        #expect(try Launch.lockstep(["verify", directory.path]).exitCode == 4)
    }

    // Guards: a checkpoint that this user may not read is not called damaged, and nobody is advised to delete it; one that
    // is damaged, beside it, is.
    @Test(arguments: [false, true]) func whatMayNotBeReadMayBeGood(isAnotherDamaged: Bool) throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        #expect(try Launch.lockstep(tinyTraining + ["--epochs", "2", "--quiet", "--output", run]).exitCode == 0)
        let newest = run + "/checkpoint-00000006.safetensors"
        #expect(chmod(newest, 0) == 0)
        if isAnotherDamaged { #expect(truncate(run + "/checkpoint-00000003.safetensors", 100) == 0) }
        // Root reads everything unless it is not allowed to.
        let bound = geteuid() == 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : []
        let verified = try Launch.run(bound + [Launch.product("lockstep"), "verify", run])
        #expect(verified.exitCode == 4 && verified.sentences.count == 1, "\(verified)")
        let words = verified.output.split(separator: "\n").map { $0.prefix { $0 != ":" } }
        #expect(words == [isAnotherDamaged ? "DAMAGED" : "whole", "UNREADABLE"], "\(verified)")
        #expect(verified.output.contains("UNREADABLE: \(newest) cannot be read: permission denied"), "\(verified)")
        let sentence = verified.sentences.first ?? ""
        #expect(sentence.contains("1 of the checkpoints cannot be read and may be good"), "\(sentence)")
        #expect(sentence.contains("delete") == isAnotherDamaged, "\(sentence)")
    }
}
