import Foundation
import Measurements
import TestSupport
import Testing
import Training

import lockstep

@Suite("benchmark scaling", .serialized)
struct ScalingCommandTests {
    private static let tiny = [
        "benchmark", "scaling", "--stages", "8x1", "--global-batch", "24", "--batch-per-rank", "8", "--rounds", "1",
        "--steps", "1", "--warmup-steps", "0",
    ]

    // Guards: the whole way from layouts to files; what shares cores is marked in the table and in every file.
    @Test func measuresAndMarks() throws {
        let directory = try TestDirectory()
        let path = directory.path + "/new/figures"
        let cores = ProcessInfo.processInfo.activeProcessorCount
        // More threads than cores on any machine, in a number of ranks that divides the batch.
        let crowded = cores < 3 ? "3x1" : "3x\(cores)"
        let launch = try Launch.lockstep(
            Self.tiny + ["--layouts", "1x1,2x1,\(crowded)", "--output", path])
        try #require(launch.exitCode == 0, "\(launch.errors)")
        #expect(launch.output.contains("SHARES CORES") && launch.errors.contains("Warning: layout \(crowded) "))
        let csv = try String(contentsOfFile: path + ".csv", encoding: .utf8).split(separator: "\n")
        #expect(csv.count == 7)
        #expect(csv.filter { $0.contains(",\(crowded),") }.allSatisfy { $0.contains(",true,") })
        let json = try Data(contentsOf: URL(fileURLWithPath: path + ".json"))
        let content = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
        let points = try #require(content["points"] as? [[String: Any]])
        #expect(points.filter { $0["layout"] as? String == "1x1" }.allSatisfy { $0["efficiency"] as? Double == 1 })
        #expect(points.filter { $0["layout"] as? String == crowded }.allSatisfy { $0["shares_cores"] as? Bool == true })
        #expect((content["measurements"] as? [Any])?.count == 5)
        let page = try String(contentsOfFile: path + ".html", encoding: .utf8)
        #expect(
            page.contains("mark hollow") && page.contains("shares cores") && page.contains("Weak scaling: 8 images"))
    }

    // Guards: every option of the network and the ranks reaches the measurements, and stands in what is written: figures of
    // something else than what was asked for would be worse than none.
    @Test func passesEveryOptionOn() throws {
        let directory = try TestDirectory()
        let (script, path) = (directory.path + "/record", directory.path + "/figures")
        try Data("#!/bin/sh\nshift\necho \"$@\" >>\"$0.words\"\nexec \"$@\"\n".utf8).write(
            to: URL(fileURLWithPath: script))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        let network = directory.file("network.json")
        try Data(try Launch.lockstep(["summary", "--blocks", "--stages", "8x1,8x1"]).output.utf8).write(
            to: URL(fileURLWithPath: network))
        let options = [
            "--network", network, "--architecture", "article-final-activation", "--pooling", "average", "--dropout",
            "0.25", "--convolution",
            "im2col", "--batch-norm", "local", "--reduction", "ordered", "--gradient-compression", "bf16",
            "--bucket-bytes", "4096", "--seed", "7", "--balance", "measured",
        ]
        let launch = try Launch.lockstep(
            Self.tiny + options + ["--layouts", "1x1", "--launcher", script + " {ranks}", "--output", path])
        try #require(launch.exitCode == 0, "\(launch.errors)")
        let words = try String(contentsOfFile: script + ".words", encoding: .utf8)
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path + ".json")))
        let written = try #require((json as? [String: Any])?["settings"] as? [String: String])
        for pair in stride(from: 0, to: options.count, by: 2) {
            #expect(words.contains("\(options[pair]) \(options[pair + 1])"))
            #expect(written[String(options[pair].dropFirst(2))] == options[pair + 1])
        }
        // All that the command knows, so that none is forgotten here.
        let known = try Launch.lockstep(["benchmark", "scaling", "--help"]).output
        let ranks = known.components(separatedBy: "\nNetwork:")[1].components(separatedBy: "\nHelp:")[0]
        for line in ranks.split(separator: "\n") where line.hasPrefix("  --") {
            let name = String(line.split(separator: " ")[0])
            #expect(["--stages", "--granules"].contains(name) || options.contains(name), "\(name)")
        }
    }

    // Guards: what cannot run is refused in one sentence before anything is started or written.
    @Test(arguments: [
        (["--layouts", "1x1,5x1"], 2, "Layout 5x1 of strong scaling cannot run: a global batch of 24 images does not"),
        (["--layouts", "two"], 2, "'two' is not a layout"),
        (
            ["--layouts", "8x1", "--granules", "4"], 2,
            "Layout 8x1 of strong scaling cannot run: 8 ranks cannot share 4"
        ),
        (["--launcher", "mpiexec"], 2, "--launcher has no place for the number of ranks"),
        (["--launcher", "no-such-launcher {ranks}"], 1, "no-such-launcher was not found in PATH"),
        (["--output", "/proc/scaling"], 5, "/proc cannot be written to"),
        (["--hostfile", "/no/such/hosts"], 2, "The hostfile /no/such/hosts cannot be read"),
    ])
    func refusesAtOnce(options: [String], code: Int32, sentence: String) throws {
        let directory = try TestDirectory()
        let output = options.contains("--output") ? [] : ["--output", directory.path + "/figures"]
        let layouts = options.contains("--layouts") ? [] : ["--layouts", "1x1"]
        let launch = try Launch.lockstep(Self.tiny + options + output + layouts)
        #expect(launch.exitCode == code)
        #expect(
            launch.sentences.count == 1 && launch.sentences[0].hasPrefix("lockstep: " + sentence), "\(launch.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    // Guards: a measurement that hangs, fails or starts other ranks than asked for ends all, in one sentence.
    @Test(arguments: [
        ("sh -c exec${IFS}sleep${IFS}50 {ranks}", 12, "did not end within 1 seconds"),
        ("false {ranks}", 1, "failed with exit code 1"),
        (
            "sh -c echo${IFS}mpirun${IFS}has${IFS}detected${IFS}an${IFS}attempt${IFS}to${IFS}run${IFS}as${IFS}root>&2;exit${IFS}1 {ranks}",
            1, "set OMPI_ALLOW_RUN_AS_ROOT=1 and"
        ),
        ("env LAYOUT={ranks}x{threads}", 6, "ran with 1 rank;"),
    ])
    func failingLaunchersAreNamed(launcher: String, code: Int32, cause: String) throws {
        let directory = try TestDirectory()
        let limit = code == 12 ? "1" : "60"
        let launch = try Launch.lockstep(
            Self.tiny + [
                "--layouts", "2x1", "--launcher", launcher, "--time-limit", limit, "--output",
                directory.path + "/figures",
            ])
        #expect(launch.exitCode == code, "\(launch.errors)")
        #expect(launch.sentences.count == 1 && launch.errors.contains(cause), "\(launch.errors)")
    }

    // Guards: every thread gets a core of its own where there are enough, and the command line says so.
    @Test func launchersBind() throws {
        let machine = ScalingLauncher(hostfile: nil, cores: 4)
        let words = machine.words(RankLayout(ranks: 2, threads: 2), program: ["lockstep"])
        #expect(
            words == "mpirun -np 2 --map-by slot:PE=2 --bind-to core lockstep".split(separator: " ").map(String.init))
        let crowded = machine.words(RankLayout(ranks: 5, threads: 1), program: ["lockstep"])
        #expect(crowded.contains("--oversubscribe") && machine.isOversubscribed(RankLayout(ranks: 5, threads: 1)))
        let hosts = ScalingLauncher(hostfile: "hosts", cores: 4)
        #expect(!hosts.isOversubscribed(RankLayout(ranks: 5, threads: 1)))
        let slurm = try #require(ScalingLauncher(command: "srun -n{ranks} -c{threads}", cores: 4))
        #expect(slurm.words(RankLayout(ranks: 3, threads: 2), program: ["x"]) == ["srun", "-n3", "-c2", "x"])
    }
}
