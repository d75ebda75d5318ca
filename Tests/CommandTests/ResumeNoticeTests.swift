import Foundation
import TestSupport
import Testing

@Suite("Nothing changes silently on --resume", .serialized)
struct ResumeNoticeTests {
    // Guards: options that make the learning rate jump where the run goes on are told in one line, with both rates; a run
    // that goes on as it would have is told nothing.
    @Test(arguments: [nil, 3]) func aJumpOfTheLearningRateIsTold(ranks: Int?) throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        let options = ["--schedule", "cosine", "--epochs", "2", "--output", run]
        #expect(try Launch.lockstep(tinyTraining + options + ["--max-steps", "4"]).exitCode == 0)
        let resume = ["train", "--data", "synthetic", "--resume", "--output", run]
        let same = try Launch.lockstep(resume, ranks: ranks)
        #expect(same.exitCode == 0 && !same.output.contains("learning rate"), "\(same.output)")
        let longer = try Launch.lockstep(resume + ["--epochs", "4"], ranks: ranks)
        #expect(longer.exitCode == 0, "\(longer.errors)")
        let notices = longer.output.split(separator: "\n").filter { $0.contains("learning rate") }
        // (1 + cos(π 6/12)) / 2 and, in the last step of the shorter plan, (1 + cos(π 5/6)) / 2, of 1e-3.
        #expect(
            notices == [
                "The changed options make the learning rate 0.0005 from step 7 on, where the run had 6.69873e-05."
            ])
    }

    // Guards: a newest checkpoint that this user may not read is an error, not a damaged file to go back behind.
    @Test func anUnreadableCheckpointIsAnError() throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        #expect(try Launch.lockstep(tinyTraining + ["--epochs", "2", "--quiet", "--output", run]).exitCode == 0)
        let newest = run + "/checkpoint-00000006.safetensors"
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: newest)
        // Root reads everything unless it is not allowed to.
        let bound = geteuid() == 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : []
        let resumed = try Launch.run(
            bound + [Launch.product("lockstep"), "train", "--data", "synthetic", "--resume", "--epochs", "3"]
                + ["--output", run])
        #expect(resumed.exitCode == 4 && resumed.sentences.count == 1, "\(resumed.errors)\(resumed.output)")
        #expect(resumed.sentences.first?.contains("\(newest) cannot be read: permission denied") == true)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: newest)
        let again = try Launch.lockstep(["verify", run])
        #expect(again.exitCode == 0 && again.output.split(separator: "\n").count == 2, "\(again.output)")
    }
}
