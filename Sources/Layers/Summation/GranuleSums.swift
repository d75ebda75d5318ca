import Granules

/// Small sums over samples, one row of `width` doubles a granule, and their tree.
///
/// Workers add to the rows of their own granules; the rows are then summed by the fixed tree, the same for any number of
/// workers and ranks.
final class GranuleSums {
    let width: Int
    private let rows: UnsafeMutablePointer<Double>
    private let count: Int

    /// Zeroed rows for the granules of a global batch.
    init(width: Int, granuleCount: Int) {
        self.width = width
        count = granuleCount * width
        rows = .allocate(capacity: max(1, count))
        rows.initialize(repeating: 0, count: count)
    }

    deinit { rows.deallocate() }

    /// Sets every row to zero.
    func clear() { rows.update(repeating: 0, count: count) }

    /// The row of one granule.
    subscript(granule: Int) -> UnsafeMutablePointer<Double> { rows + granule * width }

    /// One run of values for each subtree of this rank, left to right. The rows are used up by it.
    func partials(_ context: TrainingContext) -> [Double] {
        context.subtrees.flatMap { subtree in
            let sum = context.plan.tree.sum(of: subtree, granule: { self[$0] }) { left, right in
                for index in 0..<width { left[index] += right[index] }
            }
            return UnsafeBufferPointer(start: sum, count: width)
        }
    }
}
