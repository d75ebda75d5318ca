import Kernels
import Tensors

/// Sums rows of floats that lie anywhere in memory, in the order of a granule tree; every sum is rounded to the format in
/// which it travels.
struct RowSum {
    // 2048 floats, 8 KB: a chunk of every row of a 16-granule batch stays in the level 2 cache over all additions.
    private static let chunkLength = 2048

    private let tree: GranuleTree
    private let rows: [UnsafeMutablePointer<Float>]
    private let total: UnsafeMutablePointer<Float>
    private let count: Int
    private let compression: GradientCompression

    /// The sum of `rows`, each `count` floats long, for `total`. Rows are overwritten; `total` may be one of them.
    init(
        tree: GranuleTree, rows: [UnsafeMutablePointer<Float>], total: UnsafeMutablePointer<Float>, count: Int,
        compression: GradientCompression = .single
    ) {
        precondition(rows.count == tree.rowCount, "\(rows.count) rows for a tree of \(tree.rowCount)")
        precondition(!tree.merges.isEmpty || rows[0] == total, "a single row is its own total")
        self.tree = tree
        self.rows = rows
        self.total = total
        self.count = count
        self.compression = compression
    }

    /// Takes the sum. The last addition of the tree writes to `total`.
    func evaluate() {
        guard let last = tree.merges.last else { return compression.round(total, count: count) }
        for start in stride(from: 0, to: count, by: Self.chunkLength) {
            let length = min(Self.chunkLength, count - start)
            for merge in tree.merges.dropLast() {
                let left = rows[merge.left] + start
                compression.sum(left, rows[merge.right] + start, into: left, count: length)
            }
            compression.sum(rows[last.left] + start, rows[last.right] + start, into: total + start, count: length)
        }
    }
}
