import Foundation
import TestSupport
import Testing

/// A training without end, past its first step.
private struct LongTraining {
    let run: WrittenRun
    let program: RunningProgram
    private let directory: TestDirectory

    /// - Parameters:
    ///   - launcher: what starts it, such as nohup.
    ///   - output: its standard output.
    init(launcher: [String] = [], output: Any = FileHandle.nullDevice) throws {
        directory = try TestDirectory()
        run = WrittenRun(directory.file("run"))
        let options = tinyTraining + ["--epochs", "1000000", "--output", run.path]
        program = try RunningProgram(launcher + [Launch.product("lockstep")] + options, output: output)
        try waitForSteps(1)
    }

    /// Waits for so many steps more than there are.
    func waitForSteps(_ more: Int) throws {
        let last = run.lastStep
        try program.wait(for: "\(more) more steps") { run.lastStep >= last + more }
    }
}

@Suite("Terminals that close and readers that die", .serialized)
struct HangUpTests {
    /// It ended with the code for a stop, one sentence that begins with a cause, and the checkpoint that this names.
    private func expectStopped(_ training: LongTraining, by causes: [String]) throws {
        let end = try training.program.end()
        #expect(end.exitCode == 11 && end.sentences.count == 1, "\(end)")
        let sentence = try #require(end.sentences.first)
        #expect(causes.contains { sentence.hasPrefix("lockstep: \($0)") }, "\(sentence)")
        let words = sentence.split(separator: " ")
        let step = try #require(words.firstIndex(of: "step").map { words[$0 + 1] })
        #expect(try Launch.lockstep(["inspect", training.run.path]).output.contains("lockstep.step: \(step)\n"))
    }

    // Guards: a closed terminal and a used-up limit of processor time stop a run as SIGTERM does.
    @Test(arguments: [(SIGHUP, "SIGHUP"), (SIGXCPU, "SIGXCPU")]) func stopsWithACheckpoint(signal: Int32, name: String)
        throws
    {
        let training = try LongTraining()
        training.program.send(signal)
        try expectStopped(training, by: ["\(name) stopped the run after step "])
    }

    // Guards: nohup means what it says.
    @Test func nohupOutlivesTheTerminal() throws {
        let training = try LongTraining(launcher: ["nohup"])
        training.program.send(SIGHUP)
        try training.waitForSteps(3)
        training.program.send(SIGTERM)
        try expectStopped(training, by: ["SIGTERM stopped the run after step "])
    }

    // Guards: Ctrl-C reaches the reader of a pipe as well, which dies first; the checkpoint is written all the same.
    @Test func interruptWithADyingReader() throws {
        let pipe = Pipe()
        let training = try LongTraining(output: pipe)
        try pipe.fileHandleForReading.close()
        training.program.send(SIGINT)
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
        try training.waitForSteps(3)
        training.program.send(SIGTERM)
        try expectStopped(training, by: ["SIGTERM stopped the run after step "])
        let told = try training.program.end().warnings.filter { $0.contains("Training goes on without a display") }
        #expect(told.count == 1 && told[0].contains("input/output error"), "\(told)")
    }
}
