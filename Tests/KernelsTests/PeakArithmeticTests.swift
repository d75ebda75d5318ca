import Kernels
import Testing

@Suite("The peak of one core")
struct PeakArithmeticTests {
    // Guards: the rounds are really computed (every value has come to 2) and their rates are numbers to divide by; the
    // best round is no slower than all of them together.
    @Test func reachesTheFixedPoint() {
        let peak = PeakArithmetic.measure(rounds: 2)
        #expect(abs(peak.mean - 2) < 1e-5)
        #expect(peak.operationsPerSecond > 0 && peak.operationsPerSecond.isFinite)
        #expect(peak.meanOperationsPerSecond > 0 && peak.meanOperationsPerSecond <= peak.operationsPerSecond)
    }
}
