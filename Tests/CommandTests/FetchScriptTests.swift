import Foundation
import TestSupport
import Testing

@Suite("scripts/fetch-cifar10", .serialized)
struct FetchScriptTests {
    private func fetch(_ arguments: [String]) throws -> Launch {
        try Launch.run([Launch.script("fetch-cifar10")] + arguments)
    }

    // Guards: broken, truncated and wrong archives end in a sentence and leave nothing behind, and what lay there stays.
    @Test(arguments: ["tar.gz", "tar.xz"])
    func badArchivesLeaveNothing(ending: String) throws {
        let directory = try TestDirectory()
        let data = directory.path + "/data"
        let source = directory.path + "/source"
        let files = FileManager.default
        try files.createDirectory(atPath: source, withIntermediateDirectories: true)
        for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
            try Data(count: 30_730_000 / 1000).write(to: URL(fileURLWithPath: source + "/" + name))
        }
        let wrong = directory.path + "/wrong." + ending
        #expect(try Launch.run(["tar", "-caf", wrong, "-C", source, "."]).exitCode == 0)
        let truncated = directory.path + "/truncated." + ending
        let bytes = try Data(contentsOf: URL(fileURLWithPath: wrong))
        try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: truncated))
        let noise = directory.path + "/noise." + ending
        try Data("no archive".utf8).write(to: URL(fileURLWithPath: noise))
        for archive in [wrong, truncated, noise] {
            let launch = try fetch(["--archive", archive, "--directory", data])
            #expect(launch.exitCode == 1)
            #expect(
                launch.errors.contains(archive) && launch.errors.contains("Nothing was changed"), "\(launch.errors)")
            #expect(try files.contentsOfDirectory(atPath: data).isEmpty)
            #expect(files.fileExists(atPath: archive))
        }
        let own = data + "/cifar-10-batches-bin"
        try files.createDirectory(atPath: own, withIntermediateDirectories: true)
        try Data([1]).write(to: URL(fileURLWithPath: own + "/test_batch.bin"))
        _ = try fetch(["--archive", wrong, "--directory", data])
        #expect(try files.contentsOfDirectory(atPath: data) == ["cifar-10-batches-bin"])
        #expect(try files.contentsOfDirectory(atPath: own) == ["test_batch.bin"])
    }

    // Guards: wrong use is a sentence.
    @Test func wrongUseIsASentence() throws {
        let directory = try TestDirectory()
        let missing = try fetch(["--archive", directory.path + "/none.tar.gz"])
        #expect(missing.exitCode == 1 && missing.errors.contains("none.tar.gz"))
        #expect(try fetch(["--archives"]).errors.contains("unknown option '--archives'"))
    }
}
