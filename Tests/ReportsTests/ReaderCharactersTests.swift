import Testing

import Reports

@Suite("What a locale can show")
struct ReaderCharactersTests {
    // Guards: UTF-8 is recognised by the variables in their order; no locale at all is ASCII.
    @Test(arguments: [
        (["LANG": "en_GB.UTF-8"], true), (["LANG": "C.utf8"], true), (["LANG": "C"], false), ([:], false),
        (["LC_ALL": "C", "LANG": "en_GB.UTF-8"], false), (["LC_ALL": "", "LC_CTYPE": "C.UTF-8"], true),
    ])
    func locale(environment: [String: String], unicode: Bool) {
        #expect(ReaderCharacters(environment: environment).shown("─") == (unicode ? "─" : "-"))
    }

    // Guards: in ASCII bars, tables and measures stay readable and aligned, and somebody's file name stays itself.
    @Test func asciiInTheirPlace() {
        let line = "Epoch 3/20  187/391 ━━━━━━╸─────── 47% · ETA 1:02"
        #expect(ReaderCharacters.ascii.shown(line) == "Epoch 3/20  187/391 ======>------- 47% - ETA 1:02")
        #expect(ReaderCharacters.ascii.shown("8×8×32→20, 3 µs, evaluating …") == "8x8x32>20, 3 us, evaluating ...")
        #expect(ReaderCharacters.ascii.shown("‖B − A‖, 1–2") == "|B - A|, 1-2")
        #expect(ReaderCharacters.ascii.shown("runs/müller") == "runs/müller")
        var table = Table([.init("Work"), .init("µs/image", .right)])
        table.addRow(["3×3→8", "1.5"])
        let lines = ReaderCharacters.ascii.shown(table.text).split(separator: "\n")
        #expect(lines == ["Work   us/image", "---------------", "3x3>8       1.5"])
    }
}
