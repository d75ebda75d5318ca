import Collectives
import Reports
import Testing
import Training
import ThreadRanks

@Suite("The memory of the largest rank")
struct LargestMemoryTests {
    private func use(private privateKilobytes: Int, peak: Int) -> MemoryUse? {
        MemoryUse(status: "VmHWM: \(peak) kB\nRssAnon: \(privateKilobytes) kB\n")
    }

    // Guards: every rank learns the largest of both figures, whichever ranks have them; a sum, a mean or rank 0's own
    // would not do.
    @Test(arguments: [1, 3, 5])
    func isTheMaximumOverRanks(ranks: Int) throws {
        for largest in 0..<ranks {
            let seen = try ThreadGroup.run(ranks: ranks) { communicator in
                let rank = communicator.rank
                return try LargestMemory(
                    own: use(private: rank == largest ? 226_000 : 9000, peak: 300_000 + rank), over: communicator)
            }
            for memory in seen {
                #expect(memory.privateBytes == 226_000 * 1024)
                #expect(memory.peakResidentBytes == (300_000 + ranks - 1) * 1024)
                #expect(memory.sentence?.hasPrefix("The largest rank takes 231 MB of memory") == true)
            }
        }
    }

    // Guards: one rank that does not know makes it unknown: the largest could be that one.
    @Test(arguments: [3, 5])
    func unknownStaysUnknown(ranks: Int) throws {
        let seen = try ThreadGroup.run(ranks: ranks) { communicator in
            try LargestMemory(
                own: communicator.rank == ranks - 1 ? nil : use(private: 1000, peak: 2000), over: communicator)
        }
        for memory in seen {
            #expect(memory.privateBytes == nil && memory.peakResidentBytes == nil && memory.sentence == nil)
        }
    }
}
