import Foundation
import TestSupport
import Testing

/// The command with its standard output, or more, arranged by bash; `"$@"` stands for the command.
private func launch(_ redirected: String, _ arguments: [String], in directory: TestDirectory) throws -> Launch {
    let script = "cd '\(directory.path)' && mkfifo fifo && " + redirected
    return try Launch.run(["bash", "-c", script, "bash", Launch.product("lockstep")] + arguments)
}

/// Nobody ever reads it, and it holds all that a pipe can hold.
private let fullPipe = "exec 3<>fifo && { dd if=/dev/zero of=/proc/self/fd/3 bs=4096 oflag=nonblock 2>/dev/null; "
/// Its reader has closed it.
private let closedPipe = "exec 3<>fifo 4>fifo 3<&- && "

@Suite("A display that fails", .serialized)
struct DisplayFailureTests {
    private static let training = tinyTraining + ["--epochs", "2", "--output", "run"]

    // Guards: short commands whose words do not arrive end with one sentence and code 5, whatever is wrong with the place.
    @Test(arguments: [
        ["summary"], ["recipe"], ["recipe", "article"], ["--help"], ["train", "--help"], ["--version"],
        ["train", "--print-plan"], ["doctor", "--no-measurements"], ["doctor", "--no-measurements", "--json"],
        ["benchmark", "throughput", "--stages", "8x1", "--global-batch", "32", "--steps", "1"],
    ])
    func shortCommands(_ arguments: [String]) throws {
        for (redirected, reason) in [
            ("\"$@\" >/dev/full", "no space left on device"), ("\"$@\" >&-", "bad file descriptor"),
            (closedPipe + "\"$@\" >&4", "broken pipe"),
        ] {
            let launch = try launch(redirected, arguments, in: TestDirectory())
            #expect(launch.exitCode == 5 && launch.sentences.count == 1, "\(launch.errors)")
            #expect(launch.sentences.first?.contains("Standard output cannot be written to: \(reason)") == true)
        }
    }

    // Guards: so do those that read checkpoints, which report to all ranks what rank 0 found.
    @Test(arguments: [1, 3]) func checkpointCommands(ranks: Int) throws {
        let directory = try TestDirectory()
        #expect(try launch("\"$@\"", Self.training, in: directory).exitCode == 0)
        let run = directory.path + "/run"
        for arguments in [
            ["inspect", run], ["verify", run], ["compare", run, run], ["evaluate", run, "--data", "synthetic"],
        ] {
            // A shell on every rank, as mpirun itself gives each a standard output that works.
            let shell = ["bash", "-c", "exec \"$@\" >/dev/full", "bash", Launch.product("lockstep")] + arguments
            let launch =
                ranks == 1 ? try Launch.run(shell) : try Launch.mpirun([["-np", "\(ranks)"] + shell])
            #expect(launch.exitCode == 5 && launch.sentences.count == 1, "\(launch.errors)")
            #expect(launch.errors.contains("no space left on device"))
        }
    }

    // Guards: what was measured for long is in its files, whatever becomes of the table.
    @Test func measurementsAreWrittenAllTheSame() throws {
        let directory = try TestDirectory()
        let command = [
            "benchmark", "scaling", "--stages", "8x1", "--global-batch", "24", "--batch-per-rank", "8", "--rounds", "1",
            "--steps", "1", "--warmup-steps", "0", "--layouts", "1x1", "--output", "figures",
        ]
        let launch = try launch("\"$@\" >/dev/full", command, in: directory)
        #expect(launch.exitCode == 5 && launch.sentences.count == 1, "\(launch.errors)")
        #expect(launch.warnings.count { $0.contains("The measurement goes on without a display") } == 1)
        let json = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/figures.json"))
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: json) }
    }

    // Guards: training goes on to its end without a display, says so once, and trains what it would have trained; even
    // with all three streams closed nothing but metrics and checkpoints is in their files.
    @Test(arguments: [
        ("\"$@\" >/dev/full", ["no space left on device"]), ("\"$@\" >&-", ["bad file descriptor"]),
        ("\"$@\" <&- >&- 2>&-", []), (fullPipe + "\"$@\" >&3; }", ["nobody reads it"]),
    ])
    func trainingGoesOn(redirected: String, reasons: [String]) throws {
        let directory = try TestDirectory()
        let launch = try launch(redirected, Self.training, in: directory)
        #expect(launch.exitCode == 0 && launch.sentences.isEmpty, "\(launch.errors)")
        let told = launch.warnings.filter { $0.contains("Training goes on without a display") }
        #expect(told.count == reasons.count, "\(launch.errors)")
        #expect(zip(told, reasons).allSatisfy { $0.contains($1) })
        try expectWhole(directory.path + "/run", in: directory)
    }

    // Guards: under mpirun rank 0's own standard output may fail like any other, and all ranks go on.
    @Test(arguments: [2, 3]) func trainingGoesOnUnderMPI(ranks: Int) throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        let shell = ["bash", "-c", "exec \"$@\" >/dev/full", "bash", Launch.product("lockstep")]
        let options = tinyTraining + ["--epochs", "2", "--output", run]
        let launch = try Launch.mpirun([["-np", "\(ranks)"] + shell + options])
        #expect(launch.exitCode == 0 && launch.sentences.isEmpty, "\(launch.errors)")
        #expect(launch.warnings.count { $0.contains("Training goes on without a display") } == 1)
        try expectWhole(run, in: directory)
    }

    // Guards: whoever closes the pipe wanted no more: the run stops with a checkpoint to go on from, and with its code.
    @Test func closedPipeStops() throws {
        let directory = try TestDirectory()
        let run = directory.path + "/run"
        let stopped = try launch(closedPipe + "\"$@\" >&4", Self.training, in: directory)
        #expect(stopped.exitCode == 11 && stopped.sentences.count == 1, "\(stopped.errors)")
        #expect(stopped.sentences.first?.contains("closed standard output, stopped the run after step 1 of 6") == true)
        let resumed = ["train", "--data", "synthetic", "--resume", "--quiet", "--output", run]
        #expect(try Launch.lockstep(resumed).exitCode == 0)
        try expectWhole(run, in: directory)
    }

    /// The run's files are those of a run of six steps that nothing disturbed.
    private func expectWhole(_ run: String, in directory: TestDirectory) throws {
        let undisturbed = directory.path + "/undisturbed"
        let options = tinyTraining + ["--epochs", "2", "--quiet", "--output", undisturbed]
        #expect(try Launch.lockstep(options).exitCode == 0)
        #expect(try Launch.lockstep(["verify", run]).exitCode == 0)
        #expect(try Launch.lockstep(["compare", run, undisturbed]).exitCode == 0)
        let steps = try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8).split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])["step"] as? Int
        }
        #expect(steps == [1, 2, 3, 3, 4, 5, 6, 6])
    }
}
