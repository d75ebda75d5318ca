import Foundation
import TestSupport
import Testing

import lockstep

@Suite("benchmark network and benchmark projection", .serialized)
struct ProjectionCommandTests {
    private static let network = ["benchmark", "network", "--max-bytes", "4096", "--repeats", "2"]
    private static let projection = [
        "benchmark", "projection", "--stages", "8x1", "--images", "4,8", "--repeats", "1", "--max-ranks", "16",
        "--strong", "8,64", "--weak", "8", "--simulated-steps", "2",
    ]

    private static func object(_ launch: Launch) throws -> [String: Any] {
        try #require(launch.exitCode == 0, "\(launch.errors)")
        #expect(launch.output.split(separator: "\n").count == 1)
        return try #require(JSONSerialization.jsonObject(with: Data(launch.output.utf8)) as? [String: Any])
    }

    // Guards: ranks measure together and rank 0 alone speaks; the line holds the model and every operation.
    @Test(arguments: [2, 3])
    func networkOfRanks(ranks: Int) throws {
        let content = try Self.object(try Launch.lockstep(Self.network + ["--json"], ranks: ranks))
        #expect((content["hosts"] as? [String])?.count == ranks)
        #expect((content["fit_by_peer"] as? [Any])?.count == ranks - 1)
        let model = try #require(content["model"] as? [String: Any])
        for key in ["latency", "seconds_per_byte", "seconds_per_message"] {
            #expect(try #require(model[key] as? Double) >= 0, "\(key)")
        }
        let timings = try #require(content["timings"] as? [[String: Any]])
        let operations = Set(timings.compactMap { $0["operation"] as? String })
        #expect(operations == ["ping_pong", "small_sum", "ordered_reduction", "float_sum"])
        let table = try Launch.lockstep(Self.network, ranks: ranks)
        #expect(table.output.hasPrefix("\(ranks) ranks on 1 host: latency "))
        #expect(table.output.contains("ordered reduction") && table.output.contains("4,096"))
    }

    // Guards: one rank alone is told what to start.
    @Test func networkNeedsRanks() throws {
        let launch = try Launch.lockstep(Self.network)
        #expect(launch.exitCode == 2 && launch.output.isEmpty)
        #expect(launch.sentences.count == 1 && launch.sentences[0].contains("mpirun -np 2 lockstep benchmark network"))
    }

    /// A measured network, and measured steps of 1 rank, of 2, and of 1 with two threads.
    private static func measurements(in directory: TestDirectory) throws -> [String] {
        let (link, steps) = (directory.path + "/network.json", directory.path + "/steps.jsonl")
        try Launch.lockstep(network + ["--json"], ranks: 2).output.write(
            toFile: link, atomically: true, encoding: .utf8)
        let throughput = [
            "benchmark", "throughput", "--stages", "8x1", "--global-batch", "16", "--steps", "1", "--warmup-steps", "0",
            "--json",
        ]
        let lines = try [1, 2].map { try Launch.lockstep(throughput, ranks: $0).output }
        let other = try Launch.lockstep(throughput + ["--threads", "2"]).output
        try (lines + [other]).joined().write(toFile: steps, atomically: true, encoding: .utf8)
        return ["--network-json", link, "--networks", "10", "--measured", steps]
    }

    // Guards: the whole way from measured network and measured steps to table and page, both of which say that they
    // show a projection, and on what it rests.
    @Test func tableAndPage() throws {
        let directory = try TestDirectory()
        let page = directory.path + "/page.html"
        let options = try Self.measurements(in: directory)
        let table = try Launch.lockstep(Self.projection + options + ["--output", page])
        try #require(table.exitCode == 0, "\(table.errors)")
        #expect(table.output.hasPrefix("This is a PROJECTION from a model, not a measurement"))
        for words in [
            "PROJECTED images/s and efficiency, strong, 64 images a step", "weak, 8 images a rank", "10 Gbit/s:",
            "Assumptions:", "1 measurement of other than 1 thread a rank left out",
        ] { #expect(table.output.contains(words), "\(words)") }
        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(html.contains("PROJECTION") && html.contains("<svg") && !html.contains("<script"))
        #expect(html.contains("The model beside measured steps") && html.contains("Named networks have typical"))
    }

    // Guards: the numbers of the JSON line hang together: comparisons are of the steps that were run, curves go through
    // all ranks and networks, and a step's terms add up to it.
    @Test func documentHangsTogether() throws {
        let directory = try TestDirectory()
        let options = try Self.measurements(in: directory)
        let content = try withExtendedLifetime(directory) {
            try Self.object(try Launch.lockstep(Self.projection + options + ["--json"]))
        }
        #expect((content["warning"] as? String)?.contains("not a measurement") == true)
        #expect((content["assumptions"] as? [String])?.isEmpty == false)
        let comparisons = try #require(content["comparisons"] as? [[String: Any]])
        #expect(comparisons.map { $0["ranks"] as? Int } == [1, 2])
        for comparison in comparisons {
            let projected = try #require(comparison["simulated_seconds"] as? Double)
            let measured = try #require(comparison["measured_seconds"] as? Double)
            #expect(abs(projected / measured - 1 - (comparison["error"] as? Double ?? .nan)) < 1e-9)
        }
        let curves = try #require(content["curves"] as? [[String: Any]])
        let names = curves.compactMap { $0["network"] as? String }
        #expect(names == Array(repeating: ["measured", "10 Gbit/s"], count: 3).flatMap { $0 })
        let strong = try #require(curves[0]["steps"] as? [[String: Any]])
        #expect(strong.map { $0["ranks"] as? Int } == [1, 2, 4, 8])
        for step in strong {
            let terms = try #require(step["terms"] as? [String: Double])
            #expect(abs(terms.values.reduce(0, +) - (step["simulated_seconds"] as? Double ?? .nan)) < 1e-12)
        }
        #expect((curves[5]["steps"] as? [Any])?.count == 5)
    }

    // Guards: what cannot be projected is refused in one sentence, before anything is measured.
    @Test(arguments: [
        (["--images", "8"], 2, "at least two different batch sizes"),
        (["--images", "8,many"], 2, "not 'many'"),
        (["--gbit", "10"], 2, "give both"),
        (["--message-us", "1"], 2, "--message-us needs --gbit"),
        (["--networks", "40"], 2, "There is no network '40'"),
        (["--measured", "/no/such/file"], 3, "/no/such/file cannot be read"),
        (["--measured", "/proc/self/status"], 3, "holds no measurement"),
        (["--network-json", "/proc/self/status"], 3, "cannot be read as a measured network"),
    ])
    func refusals(options: [String], exitCode: Int32, words: String) throws {
        let launch = try Launch.lockstep(["benchmark", "projection", "--stages", "8x1"] + options)
        #expect(launch.exitCode == exitCode && launch.output.isEmpty)
        #expect(launch.sentences.count == 1 && launch.sentences.first?.contains(words) == true, "\(launch.errors)")
    }

    // Guards: several ranks are profiled side by side, rank 0 alone speaks and reads files, and measured steps of fewer
    // ranks, which had the machine to themselves, are not compared.
    @Test func profileOfSeveralRanks() throws {
        let directory = try TestDirectory()
        let options = try Self.measurements(in: directory)
        let content = try withExtendedLifetime(directory) {
            try Self.object(try Launch.lockstep(Self.projection + options + ["--json"], ranks: 2))
        }
        let profile = try #require(content["profile"] as? [String: Any])
        #expect(profile["ranks"] as? Int == 2)
        let measured = try #require(profile["measured"] as? [[String: Any]])
        #expect(measured.map { $0["images"] as? Int } == [4, 4, 8, 8])
        #expect(measured.map { $0["granules"] as? Int } == [1, 4, 1, 8])
        let comparisons = try #require(content["comparisons"] as? [[String: Any]])
        #expect(comparisons.map { $0["ranks"] as? Int } == [2])
        let remarks = try #require(content["remarks"] as? [String])
        #expect(remarks.contains { $0.hasPrefix("1 measurement of fewer than the profile's 2 ranks left out") })
        let assumptions = try #require(content["assumptions"] as? [String])
        #expect(assumptions.contains { $0.hasPrefix("Every host has 2 ranks") })
        let missing = try Launch.lockstep(Self.projection + ["--measured", "/no/such/file"], ranks: 3)
        #expect(missing.exitCode == 3 && missing.sentences.count == 1, "\(missing.errors)")
    }
}
