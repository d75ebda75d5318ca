import Projection
import Testing

@Suite("The line through measured times")
struct LinearFitTests {
    private static let sizes = (0..<11).map { Double(8 << (2 * $0)) }

    private static func points(_ line: LinearTime, _ noise: (Int) -> Double = { _ in 1 }) -> [TimedAmount] {
        sizes.enumerated().map { TimedAmount(amount: $1, seconds: line.seconds($1) * noise($0)) }
    }

    // Guards: points on a line give that line, for networks slow and fast.
    @Test(arguments: [(50e-6, 8e-9), (2e-6, 8e-11), (3e-7, 1e-10), (0, 1e-9), (1e-5, 0)])
    func exactPoints(latency: Double, secondsPerByte: Double) throws {
        let fit = try LinearFit(Self.points(LinearTime(fixed: latency, each: secondsPerByte)))
        #expect(abs(fit.time.fixed - latency) <= 1e-9 * max(latency, 1e-9))
        #expect(abs(fit.time.each - secondsPerByte) <= 1e-9 * max(secondsPerByte, 1e-15))
        #expect(fit.largestError < 1e-9)
    }

    // Guards: noise of some percent moves latency and bandwidth by no more than that, although the times differ by five
    // powers of ten: errors count relative to what was measured.
    @Test func noisyPoints() throws {
        let line = LinearTime(fixed: 20e-6, each: 1e-9)
        let fit = try LinearFit(Self.points(line) { 1 + 0.05 * [1, -1, 0.5, -0.5][$0 % 4] })
        #expect(abs(fit.time.fixed / line.fixed - 1) < 0.05)
        #expect(abs(fit.time.each / line.each - 1) < 0.05)
        #expect(fit.medianError > 0 && fit.largestError < 0.11)
    }

    // Guards: one measurement that was interrupted for a hundred times its time does not spoil the line.
    @Test(arguments: [0, 5, 10])
    func outlier(place: Int) throws {
        let line = LinearTime(fixed: 20e-6, each: 1e-9)
        let fit = try LinearFit(
            Self.points(line) { ($0 == place ? 100 : 1) * (1 + 0.01 * [1, -1, 0.5, -0.5][$0 % 4]) })
        #expect(abs(fit.time.fixed / line.fixed - 1) < 0.1)
        #expect(abs(fit.time.each / line.each - 1) < 0.1)
    }

    // Guards: neither part is negative, whatever was measured.
    @Test func partsAreNotNegative() throws {
        let falling = try LinearFit([.init(amount: 1, seconds: 3), .init(amount: 2, seconds: 2)])
        #expect(falling.time.each == 0 && falling.time.fixed > 2 && falling.time.fixed < 3)
        let steep = try LinearFit([.init(amount: 1, seconds: 1), .init(amount: 2, seconds: 4)])
        #expect(steep.time.fixed == 0 && steep.time.each > 1 && steep.time.each < 2)
    }

    // Guards: what no line can be put through is said, not computed.
    @Test func degeneratePoints() {
        let some = TimedAmount(amount: 8, seconds: 1e-6)
        for points in [[], [some], [some, some], [some, .init(amount: 9, seconds: 0)]] {
            #expect(throws: ProjectionError.self) { try LinearFit(points) }
        }
        #expect(throws: ProjectionError.self) { try LinearFit([some, .init(amount: 9, seconds: .nan)]) }
    }
}
