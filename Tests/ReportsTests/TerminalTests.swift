import Foundation
import TestSupport
import Testing

import Reports

@Suite("The terminal")
struct TerminalTests {
    @Test(
        "UTF-8 is recognised by the variables in their order",
        arguments: [
            (["LANG": "en_GB.UTF-8"], true), (["LANG": "C.utf8"], true), (["LANG": "C"], false), ([:], false),
            (["LC_ALL": "C", "LANG": "en_GB.UTF-8"], false), (["LC_ALL": "", "LC_CTYPE": "C.UTF-8"], true),
        ])
    func locale(environment: [String: String], unicode: Bool) {
        #expect(Terminal.showsUnicode(environment) == unicode)
    }

    @Test("A pseudo-terminal is recognised through its path, and its width is asked anew each time")
    func pseudoTerminal() throws {
        let controller = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        defer { close(controller) }
        // TIOCSPTLCK and TIOCGPTN of <asm-generic/ioctls.h>: unlock the pseudo-terminal and ask for its number.
        var locked: Int32 = 0
        var number: Int32 = 0
        try #require(ioctl(controller, 0x4004_5431, &locked) == 0 && ioctl(controller, 0x8004_5430, &number) == 0)
        let path = "/dev/pts/\(number)"
        let terminal = try #require(Terminal(path: path, environment: ["LANG": "C.UTF-8"]))
        #expect(terminal.showsUnicode)
        #expect(terminal.columns == 80)
        for width: UInt16 in [123, 40] {
            var size = winsize(ws_row: 24, ws_col: width, ws_xpixel: 0, ws_ypixel: 0)
            try #require(ioctl(controller, UInt(TIOCSWINSZ), &size) == 0)
            #expect(terminal.columns == Int(width))
        }
        #expect(Terminal(path: path, environment: ["TERM": "dumb"]) == nil)
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
