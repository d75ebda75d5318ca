import Foundation
import TestSupport
import Testing

@Suite("The same bits on every machine")
struct GoldenTests {
    /// What four steps of the article's plan end with, seed 7, on synthetic images. Seen on AMD Zen 3 (AVX2) and on Intel
    /// Emerald Rapids (AVX-512), with Open MPI 4.1.4 and 5.0.11.
    private static let hashes = [
        "weights": "27c51b8d2ab92b146b46ac78dd389675f3277fb9394e63c3617ba93eee100352",
        "running statistics": "8e13eddc4f13722fa4781d900bbbe4391a27d6f61d0bb86700214a698159f3c4",
        "optimiser state": "f7987242aecff387f378156a0fe55c20be28c23a91f60412ef5f46d8d58ee240",
    ]

    // Guards the first promise across kinds of processor, builds and versions: the state after a short run of the default
    // plan is a constant, without MPI, on several ranks, and with several threads. A change that is meant to change the
    // bits changes this constant, and says so.
    @Test(arguments: [(nil, 1), (1, 1), (3, 1), (5, 1), (2, 3)] as [(Int?, Int)])
    func goldenHash(ranks: Int?, threads: Int) throws {
        let directory = try TestDirectory()
        let run = directory.file("run")
        let options = ["--recipe", "article", "--limit-train", "512", "--limit-test", "100", "--max-steps", "4"]
        let trained = try Launch.lockstep(
            ["train", "--data", "synthetic", "--seed", "7", "--threads", "\(threads)", "--quiet", "--output", run]
                + options, ranks: ranks)
        #expect(trained.exitCode == 0, "\(trained.errors)")
        let inspected = try Launch.lockstep(["inspect", run]).output
        for (part, hash) in Self.hashes { #expect(inspected.contains("SHA-256 of \(part): \(hash)\n")) }
    }
}
