import Foundation
import Synchronization
import TestSupport
import Testing

import Reports

@Suite("The display of long work")
struct DisplayTests {
    /// A display and what it complained of.
    private final class Watched: Sendable {
        private let heard = Mutex<[String]>([])
        var complaints: [String] { heard.withLock { $0 } }
        func display(on descriptor: Int32) -> Display {
            Display(descriptor: descriptor) { reason in self.heard.withLock { $0.append(reason) } }
        }
    }

    private static let lines = (1...400).map { "line \($0) of what a run has to show for itself\n" }

    // Guards: a full pipe holds up nobody, whether its writes wait or fail, and a slow reader gets every line in order.
    @Test(.endsHangs, arguments: [true, false]) func slowReader(waits: Bool) throws {
        let pipe = try OpenPipe(waits: waits)
        let watched = Watched()
        let display = watched.display(on: pipe.writing)
        for line in Self.lines { display.show(line) }
        var seen = ""
        while case let text = pipe.read(), !text.isEmpty {
            seen += text
            display.show("")
        }
        #expect(seen == Self.lines.joined())
        #expect(watched.complaints.isEmpty && !display.isAbandoned)
    }

    // Guards: with a reader that never reads, memory stays bounded, one complaint is made, and what did fit are whole lines
    // from the first on.
    @Test(.endsHangs) func noReader() throws {
        let pipe = try OpenPipe()
        defer { withExtendedLifetime(pipe) {} }
        let watched = Watched()
        let display = watched.display(on: pipe.writing)
        for _ in 0..<10 { for line in Self.lines { display.show(line) } }
        #expect(watched.complaints == ["nobody reads it"])
        var seen = ""
        while case let text = pipe.read(), !text.isEmpty {
            seen += text
            display.show("")
        }
        let all = String(repeating: Self.lines.joined(), count: 10)
        #expect(seen.hasSuffix("\n") && all.hasPrefix(seen) && (1 << 16...1 << 17).contains(seen.utf8.count))
    }

    // Guards: what is left at the end and never read is complained of once, and the end comes.
    @Test(.endsHangs) func unreadEnd() throws {
        let pipe = try OpenPipe()
        defer { withExtendedLifetime(pipe) {} }
        let watched = Watched()
        let display = watched.display(on: pipe.writing)
        for line in Self.lines { display.show(line) }
        display.finish()
        display.finish()
        #expect(watched.complaints == ["nobody reads it"])
    }

    // Guards: a full disk, a descriptor that is not for writing, and a terminal that is gone are complained of once.
    @Test(arguments: [
        ("/dev/full", O_WRONLY, "no space left on device"), ("/dev/null", O_RDONLY, "bad file descriptor"),
    ])
    func failing(path: String, flags: Int32, reason: String) throws {
        let descriptor = open(path, flags)
        defer { close(descriptor) }
        let watched = Watched()
        let display = watched.display(on: descriptor)
        for line in Self.lines { display.show(line) }
        display.finish()
        #expect(watched.complaints == [reason])
    }

    @Test func vanishedTerminal() throws {
        let terminal = try PseudoTerminal()
        let slave = open(terminal.path, O_WRONLY | O_NOCTTY)
        defer { close(slave) }
        let watched = Watched()
        let display = watched.display(on: slave)
        display.show("one\n")
        #expect(watched.complaints.isEmpty)
        terminal.vanish()
        for line in Self.lines { display.show(line) }
        #expect(watched.complaints == ["input/output error"])
    }

    // Guards: what a full disk did not take arrives when there is room again, before what came later.
    @Test func roomAgain() throws {
        let directory = try TestDirectory()
        try directory.write("")
        let descriptor = open("/dev/full", O_WRONLY)
        let file = open(directory.metrics, O_WRONLY)
        defer { for one in [descriptor, file] { close(one) } }
        let display = Display(descriptor: descriptor) { _ in }
        display.show("first\n")
        try #require(dup2(file, descriptor) == descriptor)
        display.show("second\n")
        #expect(try directory.text() == "first\nsecond\n")
    }

    // Guards: a closed pipe is known as such, which is no complaint and no death.
    @Test func closedPipe() throws {
        let pipe = try OpenPipe()
        defer { withExtendedLifetime(pipe) {} }
        let watched = Watched()
        let display = watched.display(on: pipe.writing)
        display.show("one\n")
        #expect(!display.isAbandoned)
        pipe.closeReading()
        display.show("two\n")
        display.show("three\n")
        display.finish()
        #expect(display.isAbandoned && watched.complaints.isEmpty)
    }
}
