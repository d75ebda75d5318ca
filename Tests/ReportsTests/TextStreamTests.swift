import Foundation
import TestSupport
import Testing

import Reports

@Suite("What a command says")
struct TextStreamTests {
    private static let text = (1...20_000).map { "line \($0)\n" }.joined()

    // Guards: a pipe that takes a little at a time, and says so instead of waiting, gets the whole text.
    @Test(.endsHangs, arguments: [true, false]) func slowReader(waits: Bool) throws {
        let pipe = try OpenPipe(waits: waits)
        let writing = pipe.writing
        let stream = TextStream(name: "Standard output", descriptor: writing)
        let thread = Thread {
            try? stream.write(Self.text)
            try? stream.write("END")
        }
        thread.start()
        var seen = ""
        while !seen.hasSuffix("END") { seen += pipe.read() }
        #expect(seen == Self.text + "END")
    }

    // Guards: what cannot be written is an error with the system's reason and a next step.
    @Test(arguments: [
        ("/dev/full", O_WRONLY, "no space left on device"), ("/dev/null", O_RDONLY, "bad file descriptor"),
    ])
    func failing(path: String, flags: Int32, reason: String) throws {
        let descriptor = open(path, flags)
        defer { close(descriptor) }
        let stream = TextStream(name: "Standard output", descriptor: descriptor)
        let error = #expect(throws: ReportError.self) { try stream.write("text") }
        #expect(error == .cannotShow(stream: "Standard output", reason: reason))
        #expect(error?.description.hasPrefix("Standard output cannot be written to: \(reason). Send it to ") == true)
    }

    @Test func closedOrUnreadPipe() throws {
        let pipe = try OpenPipe()
        defer { withExtendedLifetime(pipe) {} }
        let stream = TextStream(name: "Standard error", descriptor: pipe.writing)
        #expect(throws: ReportError.cannotShow(stream: "Standard error", reason: "nobody reads it")) {
            try stream.write(Self.text, waiting: 0)
        }
        pipe.closeReading()
        #expect(throws: ReportError.cannotShow(stream: "Standard error", reason: "broken pipe")) {
            try stream.write("text")
        }
    }
}
