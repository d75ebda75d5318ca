/// One worker's part of work that is split statically: contiguous ranges, as even as can be.
public struct WorkShare: Sendable, Hashable {
    /// This worker, from 0.
    public let index: Int
    /// The number of workers.
    public let count: Int

    /// The share of worker `index` of `count`.
    public init(_ index: Int, of count: Int) {
        precondition(index >= 0 && index < count)
        self.index = index
        self.count = count
    }

    /// All of the work.
    public static let whole = WorkShare(0, of: 1)

    /// This worker's part of `0..<total`; parts begin at multiples of `step`.
    public func range(of total: Int, step: Int = 1) -> Range<Int> {
        let steps = (total + step - 1) / step
        return min(total, index * steps / count * step)..<min(total, (index + 1) * steps / count * step)
    }
}
