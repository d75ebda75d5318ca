import Granules
import Kernels

/// Sums rows of floats that lie anywhere in memory, in a given order; every sum is rounded to the format in
/// which it travels.
struct RowSum {
    // 2048 floats, 8 KB: a chunk of every row of a 16-granule batch stays in the level 2 cache over all additions.
    private static let chunkLength = 2048

    private let order: SummationOrder
    private let rows: [UnsafeMutablePointer<Float>]
    private let total: UnsafeMutablePointer<Float>
    private let count: Int
    private let compression: GradientCompression

    /// The sum of `rows`, each `count` floats long, for `total`. Rows are overwritten; `total` may be one of them.
    init(
        of rows: [UnsafeMutablePointer<Float>], in order: SummationOrder, total: UnsafeMutablePointer<Float>,
        count: Int,
        compression: GradientCompression = .single
    ) {
        precondition(rows.count == order.rowCount, "\(rows.count) rows, not \(order.rowCount)")
        precondition(!order.additions.isEmpty || rows[0] == total, "a single row is its own total")
        self.order = order
        self.rows = rows
        self.total = total
        self.count = count
        self.compression = compression
    }

    /// Takes the sum. The last addition writes to `total`.
    func evaluate() {
        guard let last = order.additions.last else { return compression.round(total, count: count) }
        for start in stride(from: 0, to: count, by: Self.chunkLength) {
            let length = min(Self.chunkLength, count - start)
            for addition in order.additions.dropLast() {
                let left = rows[addition.left] + start
                compression.sum(left, rows[addition.right] + start, into: left, count: length)
            }
            compression.sum(rows[last.left] + start, rows[last.right] + start, into: total + start, count: length)
        }
    }
}
