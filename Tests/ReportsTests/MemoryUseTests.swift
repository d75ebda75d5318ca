import Reports
import Testing

@Suite("The memory of a rank")
struct MemoryUseTests {
    // Guards: only private memory counts, read in the unit the system writes.
    @Test func readsPrivateMemory() {
        let status = "Name:\tlockstep\nVmHWM:\t  900 kB\nRssAnon:\t     320 kB\nRssFile:\t  500 kB\n"
        #expect(MemoryUse.privateBytes(inStatus: status) == 320 * 1024)
        #expect(MemoryUse.text(321_499_999) == "321 MB")
    }

    // Guards: what cannot be read is no figure, and no crash.
    @Test(arguments: [
        "", "RssAnon:", "RssAnon: x kB", "RssAnon: -1 kB", "RssAnon: 5 MB", "RssAnon: 9223372036854775807 kB",
    ])
    func unreadableIsNil(_ status: String) {
        #expect(MemoryUse.privateBytes(inStatus: status) == nil)
    }

    // Guards: memory that is written to is counted.
    @Test func grows() throws {
        let before = try #require(MemoryUse.privateBytes)
        let block = [UInt8](repeating: 1, count: 64 << 20)
        let after = try #require(MemoryUse.privateBytes)
        #expect(after - before > 32 << 20)
        #expect(block.last == 1)
    }
}
