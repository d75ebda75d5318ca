import Kernels
import Testing

@Suite("The memory traffic of one core")
struct MemoryTriadTests {
    // Guards: a pass really computes every element, those of the last, incomplete vector included, and its rate is a
    // number to divide by.
    @Test(arguments: [1, 7, 16, 33, 5000])
    func everyElementIsComputed(count: Int) throws {
        let triad = try MemoryTriad(count: count)
        #expect(triad.sums.values.allSatisfy { $0 == 0 })
        let rates = triad.rates(passes: 2)
        #expect(triad.sums.values == (0..<count).map(MemoryTriad.sum))
        #expect(triad.byteCount == 12 * count)
        #expect(rates.count == 2 && rates.allSatisfy { $0 > 0 })
    }
}
