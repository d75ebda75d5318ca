import Foundation
import TestSupport
import Testing

import Reports

@Suite("The terminal")
struct TerminalTests {
    @Test("A pseudo-terminal is recognised through its path, and its width is asked anew each time")
    func pseudoTerminal() throws {
        let screen = try PseudoTerminal()
        let terminal = try #require(Terminal(path: screen.path, environment: [:]))
        #expect(terminal.columns == 80)
        for width: UInt16 in [123, 40] {
            var size = winsize(ws_row: 24, ws_col: width, ws_xpixel: 0, ws_ypixel: 0)
            try #require(ioctl(screen.controller, UInt(TIOCSWINSZ), &size) == 0)
            #expect(terminal.columns == Int(width))
        }
        #expect(Terminal(path: screen.path, environment: ["TERM": "dumb"]) == nil)
    }

    @Test("Files, pipes, other devices and nothing at all are no terminals, and are left as they are")
    func noTerminals() throws {
        let directory = try TestDirectory()
        try directory.write("content")
        let fifo = directory.path + "/fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        for path in [directory.metrics, fifo, "/dev/null", directory.path + "/missing"] {
            #expect(Terminal(path: path, environment: [:]) == nil)
        }
        #expect(try directory.text() == "content")
    }
}
