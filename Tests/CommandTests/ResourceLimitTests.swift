import Foundation
import TestSupport
import Testing

@Suite("Limits of memory and threads end a job with one sentence", .serialized)
struct ResourceLimitTests {
    private static let lockstep = Launch.product("lockstep")
    private static let training = tinyTraining.joined(separator: " ") + " --quiet --epochs 1"
    /// A user of whom nothing else runs, where this one is root, whom the limit does not bind.
    private static let asUser = geteuid() == 0 ? "setpriv --reuid 54321 --regid 54321 --clear-groups " : ""

    private func expectRefusal(_ launch: Launch, _ words: String..., source: SourceLocation = #_sourceLocation) {
        #expect(launch.exitCode == 14, "\(launch)", sourceLocation: source)
        #expect(launch.sentences.count == 1, "\(launch)", sourceLocation: source)
        for word in words {
            #expect(launch.sentences.first?.contains(word) == true, "\(launch)", sourceLocation: source)
        }
        #expect(!launch.errors.contains("Fatal error"), sourceLocation: source)
    }

    private func bash(_ command: String) throws -> Launch { try Launch.run(["bash", "-c", command]) }

    private static var canRunAsUser: Bool {
        (try? Launch.run(["bash", "-c", "\(asUser)test -x \(lockstep)"]).exitCode) == 0
    }

    // Guards: a thread that the user may not have ends the command at once, and the sentence names thread and limit: the
    // loader's, a worker's of a training and of the doctor. Fewer threads are advised only where there are several.
    @Test(
        .enabled(if: canRunAsUser),
        arguments: [
            (training, "lockstep loader", "Raise that limit."),
            (training + " --threads 2", "worker 1", "Raise that limit, or use fewer --threads."),
            ("doctor --threads 2", "worker 1", "Raise that limit."),
        ])
    func threads(arguments: String, thread: String, advice: String) throws {
        let directory = try TestDirectory()
        chmod(directory.path, 0o777)
        let output = arguments.hasPrefix("train") ? " --output \(directory.path)/run" : ""
        let command = "ulimit -u 1; exec \(Self.lockstep) \(arguments)\(output)"
        let launch = try bash("\(Self.asUser)bash -c '\(command)'")
        expectRefusal(launch, "'\(thread)'", "ulimit -u 1 ")
        #expect(launch.sentences.first?.hasSuffix(advice) == true, "\(launch)")
    }

    // Guards: addresses that do not suffice for the network end all ranks before the first step, in one sentence that
    // names rank and host where there are several.
    @Test(arguments: [1, 3]) func memory(ranks: Int) throws {
        let directory = try TestDirectory()
        let kilobytes = 900_000
        let training =
            "train --data synthetic --limit-train 64 --global-batch 2000 --quiet --output \(directory.path)/run"
        let limited = "ulimit -v \(kilobytes); exec \(Self.lockstep) \(training)"
        guard ranks > 1 else {
            return expectRefusal(
                try bash(limited), "of memory", "ulimit -v \(kilobytes) ",
                "Raise that limit, or use a smaller --global-batch")
        }
        // One of the ranks alone is bound.
        let free = Self.lockstep + " " + training
        let launch = try Launch.mpirun([
            ["-np", "\(ranks - 1)"] + free.split(separator: " ").map(String.init), ["-np", "1", "bash", "-c", limited],
        ])
        expectRefusal(launch, "Rank \(ranks - 1) on ", "ulimit -v \(kilobytes) ")
    }

    // Guards: whatever the limit, a command either succeeds or refuses with a sentence; it neither traps nor hangs.
    @Test(arguments: [100_000, 150_000, 200_000, 250_000, 300_000]) func anyLimit(kilobytes: Int) throws {
        let directory = try TestDirectory()
        let launch = try bash(
            "ulimit -v \(kilobytes); exec \(Self.lockstep) \(Self.training) --threads 2 --output \(directory.path)/run")
        if launch.exitCode != 0 { expectRefusal(launch, "ulimit -v \(kilobytes) ") }
    }

    // Guards: the same of commands that train nothing; they advise none of a training's options.
    @Test(arguments: ["doctor --threads 2", "summary", "verify no-such-run"], [150_000, 250_000, 300_000, 400_000])
    func otherCommands(arguments: String, kilobytes: Int) throws {
        let launch = try bash("ulimit -v \(kilobytes); exec \(Self.lockstep) \(arguments)")
        guard launch.exitCode == 14 else {
            return #expect(launch.exitCode == (arguments.hasPrefix("verify") ? 4 : 0), "\(launch)")
        }
        expectRefusal(launch, "ulimit -v \(kilobytes) ", "Raise that limit.")
        #expect(launch.sentences.first?.contains("--") == false, "\(launch)")
    }
}
