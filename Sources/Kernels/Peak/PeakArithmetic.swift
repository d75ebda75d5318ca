import Tensors

/// The most arithmetic that one core does: fused multiply-adds on registers, with no memory touched.
///
/// x ← x · 0.75 + 0.5 on twelve vectors that do not wait for each other: enough to hide the latency of the instruction
/// (4 cycles, 2 of them started each), few enough to stay in the 16 registers of AVX2 with both constants. From starts
/// between 1 and 3 every x goes to 2: no value is ever infinite, denormal or zero.
public struct PeakArithmetic: Sendable, Hashable {
    /// The lanes of the vectors that the kernels were built with.
    public static let lanes = vectorWidth

    /// Operations per second in the fastest round; a multiply-add counts as two.
    public let operationsPerSecond: Double
    /// Operations per second over all rounds, whatever came between: what other programs take of the core is missing.
    public let meanOperationsPerSecond: Double
    /// The mean of all lanes afterwards, close to 2: the sign that the arithmetic was really done.
    public let mean: Float

    private typealias Sums = InlineArray<12, Vector>
    private static let operationsPerTurn = 2 * Sums.count * vectorWidth
    private static let turnsPerRound = 1_000_000

    /// Measures the core that the calling thread runs on: `rounds` rounds of a few milliseconds each.
    ///
    /// The first ones also wake the core up; the best counts, since a shared machine only ever makes a round slower.
    public static func measure(rounds: Int = 12) -> PeakArithmetic {
        precondition(rounds > 0, "a measurement takes at least one round")
        let count = Sums.count * vectorWidth
        let values = Tensor([count], values: (0..<count).map { 1 + 2 * Float($0) / Float(count) })
        let clock = ContinuousClock()
        let begin = clock.now
        var best = Double.infinity
        for _ in 0..<rounds {
            let start = clock.now
            run(values.pointer)
            best = min(best, start.duration(to: clock.now) / .seconds(1))
        }
        let operations = Double(operationsPerTurn * turnsPerRound)
        return PeakArithmetic(
            operationsPerSecond: operations / best,
            meanOperationsPerSecond: Double(rounds) * operations / (begin.duration(to: clock.now) / .seconds(1)),
            mean: values.values.reduce(0, +) / Float(count))
    }

    /// One round. It begins with the values of the round before and stores its own: the compiler can neither drop it
    /// nor move it past the clock.
    @inline(never)
    private static func run(_ values: UnsafeMutablePointer<Float>) {
        let factor = Vector(repeating: 0.75)
        let term = Vector(repeating: 0.5)
        var sums = Sums { (values + $0 * vectorWidth).vector }
        for _ in 0..<turnsPerRound {
            for index in 0..<Sums.count { sums[index] = term.addingProduct(sums[index], factor) }
        }
        for index in 0..<Sums.count { (values + index * vectorWidth).vector = sums[index] }
    }
}
