import Foundation
import TestSupport
import Testing

@Suite("Run directories of all kinds", .serialized)
struct RunDirectoryTests {
    private let files = FileManager.default

    /// Trains under keep-running in a directory `run` of `parent`, where the first start dies before its first checkpoint.
    private func keepRunning(_ output: String, in parent: TestDirectory) throws -> Launch {
        try Launch.run(
            ["env", "--chdir=\(parent.path)", "LOCKSTEP_RESTART_PAUSE=0", Launch.script("keep-running")]
                + ["--restarts", "2", "--output", output, "--", Launch.product("lockstep")] + tinyTraining
                + ["--epochs", "1", "--quiet", "--inject", "kill:rank=0,step=2"])
    }

    // Guards: a fault of --inject strikes once although no checkpoint was written; what the first start wrote is set aside
    // within the directory, be it a link, with slashes at its end, or with a dash in front; and nothing is made beside it,
    // for its parent may not be writable.
    @Test(arguments: ["run", "run//", "link", "link/", "-run"])
    func startsAgainInTheSameDirectory(output: String) throws {
        let (parent, elsewhere) = (try TestDirectory(), try TestDirectory())
        if output.hasPrefix("link") {
            try files.createSymbolicLink(atPath: parent.path + "/link", withDestinationPath: elsewhere.path)
        }
        let launch = try keepRunning(output, in: parent)
        #expect(launch.exitCode == 0, "\(launch.errors)")
        let name = output.replacing("/", with: "")
        let run = output.hasPrefix("link") ? elsewhere.path : parent.path + "/" + name
        let written: Set = ["checkpoint-00000003.safetensors", "injected.txt", "metrics.jsonl", "start-1"]
        #expect(written.isSubset(of: try files.contentsOfDirectory(atPath: run)))
        let aside = try files.contentsOfDirectory(atPath: run + "/start-1")
        #expect(aside.contains("metrics.jsonl") && !aside.contains("injected.txt"), "\(aside)")
        #expect(try files.contentsOfDirectory(atPath: parent.path) == [name])
        #expect(try String(contentsOfFile: run + "/injected.txt", encoding: .utf8) == "kill:rank=0,step=2\n")
    }

    // Guards: a link that leads to nothing, or in a circle, is named as what it is, also above the directory.
    @Test(arguments: ["lost", "circle", "lost/run", "circle/run/"]) func linksThatLeadNowhere(output: String) throws {
        let parent = try TestDirectory()
        try files.createSymbolicLink(atPath: parent.file("lost"), withDestinationPath: parent.file("nothing"))
        try files.createSymbolicLink(atPath: parent.file("circle"), withDestinationPath: parent.file("circle"))
        let launch = try Launch.lockstep(tinyTraining + ["--output", parent.file(output)])
        #expect(launch.exitCode == 5 && launch.sentences.count == 1, "\(launch)")
        let link = parent.file(output.split(separator: "/").first.map(String.init) ?? "")
        #expect(launch.sentences.first?.contains("\(link) is a link that leads nowhere") == true, "\(launch)")
        #expect(parent.names == ["circle", "lost"])
    }

    // Guards: a later call of keep-running sets nothing aside over what an earlier one did.
    @Test func setsAsideUnderFreeNames() throws {
        let parent = try TestDirectory()
        try files.createDirectory(atPath: parent.path + "/run/start-1", withIntermediateDirectories: true)
        #expect(try keepRunning("run", in: parent).exitCode == 0)
        #expect(try files.contentsOfDirectory(atPath: parent.path + "/run/start-1") == [])
        #expect(try files.contentsOfDirectory(atPath: parent.path + "/run/start-2").contains("metrics.jsonl"))
    }

    // Guards: a run whose metrics and record of faults lie elsewhere goes on there, with 1 rank or with several, and the
    // links stay.
    @Test(arguments: [1, 3])
    func resumesThroughLinks(ranks: Int) throws {
        let (directory, elsewhere) = (try TestDirectory(), try TestDirectory())
        let run = directory.path + "/run"
        let options = tinyTraining + ["--quiet", "--output", run + "/", "--max-steps"]
        #expect(try Launch.lockstep(options + ["2"], ranks: ranks).exitCode == 0)
        try files.moveItem(atPath: run + "/metrics.jsonl", toPath: elsewhere.path + "/metrics.jsonl")
        try "stall:rank=0,step=1\n".write(
            toFile: elsewhere.path + "/injected.txt", atomically: true, encoding: .utf8)
        for name in ["metrics.jsonl", "injected.txt"] {
            try files.createSymbolicLink(atPath: "\(run)/\(name)", withDestinationPath: "\(elsewhere.path)/\(name)")
        }
        // As a crash would leave it: a step that the checkpoint does not have.
        let handle = try #require(FileHandle(forWritingAtPath: elsewhere.path + "/metrics.jsonl"))
        handle.seekToEndOfFile()
        handle.write(Data("{\"kind\": \"step\", \"step\": 3, \"epoch\": 1}\n".utf8))
        let fault = "corrupt-checkpoint:step=3"
        let again = try Launch.lockstep(options + ["4", "--resume", "--inject", fault], ranks: ranks)
        #expect(again.exitCode == 0, "\(again.errors)")
        for name in ["metrics.jsonl", "injected.txt"] {
            #expect(
                try files.destinationOfSymbolicLink(atPath: "\(run)/\(name)") == "\(elsewhere.path)/\(name)")
        }
        let metrics = try String(contentsOfFile: elsewhere.path + "/metrics.jsonl", encoding: .utf8)
        let steps = metrics.split(separator: "\n").filter { $0.contains("\"step\", ") }
            .compactMap { $0.split(separator: ",")[1].split(separator: " ").last }
        #expect(steps == ["1", "2", "3", "4"], "\(metrics)")
        let struck = try String(contentsOfFile: elsewhere.path + "/injected.txt", encoding: .utf8)
        #expect(struck == "stall:rank=0,step=1\n\(fault)\n")
    }
}
