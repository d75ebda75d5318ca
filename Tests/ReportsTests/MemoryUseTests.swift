import Reports
import Testing

@Suite("The memory of a rank")
struct MemoryUseTests {
    // Guards: private memory and the peak stand apart, each from its own line, in the unit the system writes.
    @Test func readsTheSystemsText() {
        let status =
            "Name:\tlockstep\nVmPeak:\t 1000 kB\nVmHWM:\t  900 kB\nVmRSS:\t 850 kB\nRssAnon:\t     320 kB\n"
            + "RssFile:\t  500 kB\nRssShmem:\t 30 kB\n"
        #expect(MemoryUse(status: status)?.privateBytes == 320 * 1024)
        #expect(MemoryUse(status: status)?.peakResidentBytes == 900 * 1024)
        #expect(MemoryUse.text(321_499_999) == "321 MB")
    }

    // Guards: what cannot be read is no figure, and no crash.
    @Test(arguments: [
        "", "RssAnon:", "RssAnon: x kB", "RssAnon: -1 kB", "RssAnon: 5 MB", "RssAnon: 9223372036854775807 kB",
        "RssAnon: 5 kB 6",
    ])
    func unreadableIsNil(_ line: String) {
        #expect(MemoryUse(status: "VmHWM: 900 kB\n" + line) == nil)
        #expect(MemoryUse(status: line.replacing("RssAnon", with: "VmHWM") + "\nRssAnon: 320 kB") == nil)
    }

    // Guards: memory that is written to is counted, and the peak outlives it.
    @Test func grows() throws {
        let before = try #require(MemoryUse.current)
        let block = [UInt8](repeating: 1, count: 64 << 20)
        let after = try #require(MemoryUse.current)
        #expect(after.privateBytes - before.privateBytes > 32 << 20)
        #expect(after.peakResidentBytes >= 64 << 20)
        #expect(block.last == 1)
    }
}
