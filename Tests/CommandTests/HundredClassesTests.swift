import Foundation
import TestSupport
import Testing

@Suite("Data of another number of classes")
struct HundredClassesTests {
    // Guards: a network follows its data: CIFAR-100's files give it a hundred outputs, the same weights on any number of
    // ranks, and a checkpoint that evaluates on them, and that does not go on with other data.
    @Test(arguments: [1, 3]) func trainsOnCIFAR100(ranks: Int) throws {
        let directory = try TestDirectory()
        func record(_ image: Int) -> [UInt8] {
            let pixels = (0..<3072).map { UInt8(truncatingIfNeeded: $0 * image) }
            return [UInt8(image % 20), UInt8(image * 7 % 100)] + pixels
        }
        try directory.write((0..<60).flatMap(record), "train.bin")
        try directory.write((0..<30).flatMap(record), "test.bin")
        let (alone, run) = (directory.file("alone"), directory.file("run"))
        let options = tinyTraining.map { $0 == "synthetic" ? directory.path : $0 } + ["--epochs", "2", "--quiet"]
        #expect(try Launch.lockstep(options + ["--output", alone]).exitCode == 0)
        let trained = try Launch.lockstep(options + ["--output", run], ranks: ranks)
        #expect(trained.exitCode == 0, "\(trained.errors)")
        #expect(try Launch.digest(ofRun: run) == Launch.digest(ofRun: alone))
        #expect(try Launch.lockstep(["inspect", run]).output.contains("100×16"))
        let evaluated = try Launch.lockstep(["evaluate", run, "--data", directory.path, "--json"], ranks: ranks)
        #expect(evaluated.exitCode == 0 && evaluated.output.contains("\"images\":30"), "\(evaluated.errors)")
        let other = try Launch.lockstep(
            ["train", "--data", "synthetic", "--resume", "--epochs", "3", "--output", run], ranks: ranks)
        #expect(other.exitCode == 4 && other.sentences.count == 1, "\(other.errors)")
    }
}
