import Foundation
import Testing

/// A training of many steps under way in a process of its own, past its first step.
private final class LongTraining {
    let directory: TestDirectory
    let run: String
    private let process = Process()
    private let errors: String

    /// - Parameters:
    ///   - launcher: what starts it, such as nohup.
    ///   - output: its standard output.
    init(launcher: [String] = [], output: Any = FileHandle.nullDevice) throws {
        directory = try TestDirectory()
        run = directory.path + "/run"
        errors = directory.path + "/errors"
        try Data().write(to: URL(fileURLWithPath: errors))
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // Threads of a test block signals, and children would inherit that.
        process.arguments =
            ["--default-signal"] + launcher + [Launch.product("lockstep")] + tinyTraining
            + ["--epochs", "1000000", "--output", run]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        waitForSteps(1)
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// Waits until so many steps more than at first are in the metrics; a process that ends ends the wait.
    func waitForSteps(_ more: Int) {
        let wanted = lineCount + more
        while process.isRunning, lineCount < wanted { usleep(5_000) }
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for the end.
    func end() throws -> Launch {
        process.waitUntilExit()
        return Launch(
            exitCode: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: "", errors: try String(contentsOfFile: errors, encoding: .utf8))
    }

    private var lineCount: Int {
        (try? Data(contentsOf: URL(fileURLWithPath: run + "/metrics.jsonl")))?.count { $0 == UInt8(ascii: "\n") } ?? 0
    }
}

@Suite("Terminals that close and readers that die", .serialized)
struct HangUpTests {
    /// It ended with the code for a stop, one sentence that begins with a cause, and the checkpoint that this names.
    private func expectStopped(_ training: LongTraining, by causes: [String]) throws {
        let end = try training.end()
        #expect(end.exitCode == 11 && end.sentences.count == 1, "\(end)")
        let sentence = try #require(end.sentences.first)
        #expect(causes.contains { sentence.hasPrefix("lockstep: \($0)") }, "\(sentence)")
        let words = sentence.split(separator: " ")
        let step = try #require(words.firstIndex(of: "step").map { words[$0 + 1] })
        #expect(try Launch.lockstep(["inspect", training.run]).output.contains("lockstep.step: \(step)\n"))
    }

    // Guards: a closed terminal and a used-up limit of processor time stop a run as SIGTERM does.
    @Test(arguments: [(SIGHUP, "SIGHUP"), (SIGXCPU, "SIGXCPU")]) func stopsWithACheckpoint(signal: Int32, name: String)
        throws
    {
        let training = try LongTraining()
        training.signal(signal)
        try expectStopped(training, by: ["\(name) stopped the run after step "])
    }

    // Guards: nohup means what it says.
    @Test func nohupOutlivesTheTerminal() throws {
        let training = try LongTraining(launcher: ["nohup"])
        training.signal(SIGHUP)
        training.waitForSteps(3)
        training.signal(SIGTERM)
        try expectStopped(training, by: ["SIGTERM stopped the run after step "])
    }

    // Guards: Ctrl-C reaches the reader of a pipe as well, which dies first; the checkpoint is written all the same.
    @Test func interruptWithADyingReader() throws {
        let pipe = Pipe()
        let training = try LongTraining(output: pipe)
        try pipe.fileHandleForReading.close()
        training.signal(SIGINT)
        try expectStopped(
            training, by: ["SIGINT stopped the run after step ", "SIGPIPE, a closed standard output, stopped"])
    }

    // Guards: a terminal that vanishes without a signal, as that of a lost connection may, takes the display with it and
    // nothing else; it is said once.
    @Test func vanishedTerminal() throws {
        let controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        // TIOCSPTLCK and TIOCGPTN of <asm-generic/ioctls.h>: unlock the pseudo-terminal and ask for its number.
        var locked: Int32 = 0
        var number: Int32 = 0
        try #require(ioctl(controller, 0x4004_5431, &locked) == 0 && ioctl(controller, 0x8004_5430, &number) == 0)
        let terminal = FileHandle(
            fileDescriptor: open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC), closeOnDealloc: true)
        let training = try LongTraining(output: terminal)
        close(controller)
        training.waitForSteps(3)
        training.signal(SIGTERM)
        try expectStopped(training, by: ["SIGTERM stopped the run after step "])
        let told = try training.end().warnings.filter { $0.contains("Training goes on without a display") }
        #expect(told.count == 1 && told[0].contains("input/output error"), "\(told)")
    }
}
