import Foundation
import TestSupport
import Testing

import lockstep

@Suite("lockstep benchmark kernels", .serialized)
struct KernelsCommandTests {
    private static let small = ["benchmark", "kernels", "--stages", "16x1,32x1", "--images", "8", "--repeats", "2"]

    private static func document(_ options: [String]) throws -> [String: Any] {
        let launch = try Launch.lockstep(options + ["--json"])
        #expect(launch.exitCode == 0 && launch.errors.isEmpty, "\(launch.errors)")
        #expect(launch.output.split(separator: "\n").count == 1)
        return try #require(JSONSerialization.jsonObject(with: Data(launch.output.utf8)) as? [String: Any])
    }

    // Guards: a row for every layer and pass, the totals, and shares that add up.
    @Test func tableShowsTheStep() throws {
        let launch = try Launch.lockstep(Self.small)
        #expect(launch.exitCode == 0, "\(launch.errors)")
        let lines = launch.output.split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("16x1,32x1, 8 images, convolution automatic, on "))
        let words = lines.map { $0.split(separator: " ").map(String.init) }
        for layer in ["units.0", "pool.0", "units.1", "dropout", "average", "classifier", "loss", "exchange"] {
            #expect(words.filter { $0.first == layer }.count == 1, "\(layer)")
        }
        let step = try #require(words.first { $0.first == "step" })
        #expect(step.contains("100.00%"))
        #expect(words.contains { $0.starts(with: ["all", "forward"]) })
        #expect(words.contains { $0.starts(with: ["all", "backward"]) })
    }

    // Guards: the numbers of the JSON line hang together, and the settings are those that were asked for.
    @Test func documentHangsTogether() throws {
        let document = try Self.document(Self.small + ["--convolution", "im2col", "--dropout", "0"])
        let settings = try #require(document["settings"] as? [String: Any])
        #expect(settings["stages"] as? String == "16x1,32x1" && settings["convolution"] as? String == "im2col")
        #expect(settings["images"] as? Int == 8 && settings["repeats"] as? Int == 2)
        #expect(settings["dropout"] as? Double == 0)
        let machine = try #require(document["machine"] as? [String: Any])
        let peak = try #require(machine["peak_gflops"] as? Double)
        #expect(peak > 0 && (machine["cores"] as? Int ?? 0) > 0)
        let parts = try #require(document["parts"] as? [[String: Any]])
        let shares = parts.compactMap { $0["share"] as? Double }
        #expect(shares.count == parts.count && abs(shares.reduce(0, +) - 1) < 1e-9)
        let unit = parts.filter { $0["layer"] as? String == "units.1" }
        let forward = try #require(unit.first { $0["pass"] as? String == "forward" })
        #expect(forward["algorithm"] as? String == "im2col")
        let (seconds, gflops) = (forward["seconds"] as? Double ?? 0, forward["gflops"] as? Double ?? 0)
        // 8 images of 16 × 16 positions, 9 taps, 16 inputs, 32 outputs.
        #expect(abs(gflops * seconds * 1e9 / 18_874_368 - 1) < 1e-9)
        #expect(abs((forward["peak_ratio"] as? Double ?? 0) * peak / gflops - 1) < 1e-9)
        #expect(forward["direct_gflops"] as? Double == gflops)
        let pool = try #require(parts.first { $0["layer"] as? String == "pool.0" })
        #expect(pool["gflops"] is NSNull && pool["algorithm"] is NSNull)
    }

    // Guards: every key that is printed is explained on the help page, and no key is explained that is not printed.
    @Test func keysAreDocumented() throws {
        let first = documentKeys(try Self.document(Self.small))
        let keys = first.union(
            documentKeys(try Self.document(["benchmark", "kernels", "--problems", "--images", "1", "--repeats", "1"])))
        let page = try Launch.lockstep(["benchmark", "kernels", "--help"]).output
        let section = try #require(page.range(of: "Keys of the JSON line:"))
        let settings = ["architecture", "stages", "pooling", "dropout", "convolution", "optimizer", "images"]
        let named = Set(
            KernelDocument.keys.flatMap { $0.term.components(separatedBy: ", ") } + settings + ["granules", "repeats"])
        #expect(keys.subtracting(named) == [] && named.subtracting(keys) == [])
        for key in keys { #expect(page[section.upperBound...].contains(key), "\(key)") }
    }

    // Guards: on this processor every convolution of the table is computed rightly by every algorithm, and the
    // command says so by its exit code.
    @Test func problemsAgreeWithTheReference() throws {
        let document = try Self.document(["benchmark", "kernels", "--problems", "--repeats", "1", "--images", "1"])
        let problems = try #require(document["problems"] as? [[String: Any]])
        let algorithms = Set(problems.compactMap { $0["algorithm"] as? String })
        #expect(algorithms == ["winograd", "im2col", "reference"])
        let errors = problems.flatMap { $0["errors"] as? [[String: Any]] ?? [] }
        #expect(errors.count > 30)
        #expect(errors.allSatisfy { $0["accepted"] as? Bool == true })
        let table = try Launch.lockstep(
            ["benchmark", "kernels", "--problems", "--repeats", "1", "--images", "1", "--convolution", "winograd"])
        #expect(table.exitCode == 0 && table.output.contains("units 7, 8") && !table.output.contains("kernel 5"))
    }

    // Guards: what the command cannot do is said, not done: several ranks, and a network for single convolutions.
    @Test func refusals() throws {
        let ranks = try Launch.lockstep(Self.small, ranks: 2)
        #expect(ranks.exitCode == 2 && ranks.output.isEmpty)
        #expect(ranks.sentences.count == 1 && ranks.sentences[0].contains("start it without mpirun"))
        let network = try Launch.lockstep(["benchmark", "kernels", "--problems", "--stages", "8x1"])
        #expect(network.exitCode == 2 && network.sentences.first?.contains("--stages") == true)
        let images = try Launch.lockstep(["benchmark", "kernels", "--images", "0"])
        #expect(images.exitCode == 2 && images.sentences.first?.contains("--images") == true)
    }
}
