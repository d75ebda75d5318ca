import Foundation
import TestSupport
import Testing

@Suite("A network from a file", .serialized)
struct NetworkFileTests {
    /// A network that is not one of stages.
    private static let network = """
        {"blocks": [{"block": "convolution", "width": 8, "stride": 2},
          {"block": "residual", "branch": [{"block": "unit", "width": 8}]},
          {"block": "group-normalization", "groups": 2}, {"block": "activation", "function": "gelu"},
          {"block": "average-pool"}, {"block": "dense"}],
         "parameterRules": [{"role": "bias", "rateFactor": 2}]}
        """

    /// Training of it; the tiny network's own options go.
    private static func training(_ file: String) -> [String] {
        let stages = tinyTraining.firstIndex(of: "--stages").map { $0...$0 + 1 }
        return tinyTraining.enumerated().filter { stages?.contains($0.offset) != true }.map(\.element)
            + ["--network", file]
    }

    // Guards the promises for networks of blocks, as a person meets them: the same bits on any number of ranks; the same
    // command with --resume goes on, on other ranks; the checkpoint knows its network without the file.
    @Test(arguments: [1, 3, 5]) func trainsGoesOnAndIsEvaluated(ranks: Int) throws {
        let directory = try TestDirectory()
        let file = directory.file("network.json")
        try Data(Self.network.utf8).write(to: URL(fileURLWithPath: file))
        let (one, many) = (directory.file("one"), directory.file("many"))
        let alone = try Launch.lockstep(Self.training(file) + ["--epochs", "2", "--output", one])
        try #require(alone.exitCode == 0, "\(alone.errors)")
        let command = Self.training(file) + ["--epochs", "2", "--output", many]
        let begun = try Launch.lockstep(command + ["--max-steps", "2"], ranks: 2)
        try #require(begun.exitCode == 0, "\(begun.errors)")
        let resumed = try Launch.lockstep(command + ["--resume"], ranks: ranks)
        try #require(resumed.exitCode == 0, "\(resumed.errors)")
        #expect(try Launch.digest(ofRun: one) == Launch.digest(ofRun: many))

        try FileManager.default.removeItem(atPath: file)
        let evaluated = try Launch.lockstep(["evaluate", many, "--data", "synthetic", "--limit-test", "20"])
        #expect(evaluated.exitCode == 0 && evaluated.output.contains("accuracy"), "\(evaluated.errors)")
    }

    // Guards: what cannot be read or built is one sentence of rank 0, and no rank waits for another.
    @Test(
        arguments: [1, 3],
        [
            (nil, "cannot be read; give --network a file"),
            ("{\"blocks\": [{\"block\": \"swish\"}]}", "'swish', which there is not"),
            ("{\"blocks\": [{\"block\": \"unit\", \"width\": 8}]}", "not one for each of 10 classes"),
        ] as [(String?, String)])
    func mistakesAreSentences(ranks: Int, file: (text: String?, words: String)) throws {
        let directory = try TestDirectory()
        let path = directory.file("network.json")
        if let text = file.text { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
        let launch = try Launch.lockstep(
            Self.training(path) + ["--output", directory.file("run")], ranks: ranks == 1 ? nil : ranks)
        #expect(launch.exitCode == 2, "\(launch.errors)")
        #expect(launch.errors.components(separatedBy: file.words).count == 2, "\(launch.errors)")
        #expect(!FileManager.default.fileExists(atPath: directory.file("run")))
    }

    // Guards: the file to begin with is the article's network, and options of stages change no other.
    @Test func beginsWithTheArticles() throws {
        let directory = try TestDirectory()
        let file = directory.file("network.json")
        try Data(try Launch.lockstep(["summary", "--blocks"]).output.utf8).write(to: URL(fileURLWithPath: file))
        let (plain, read) = (try Launch.lockstep(["summary"]), try Launch.lockstep(["summary", "--network", file]))
        #expect(plain.output == read.output && !plain.output.isEmpty)
        try Data(Self.network.utf8).write(to: URL(fileURLWithPath: file))
        let refused = try Launch.lockstep(["summary", "--network", file, "--pooling", "average"])
        #expect(refused.exitCode == 2 && refused.errors.contains("change a network of stages"), "\(refused.errors)")
    }
}
