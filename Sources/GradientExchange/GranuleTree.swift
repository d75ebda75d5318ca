import Tensors

/// The order in which partial sums of granules are combined: one fixed binary tree for a number of granules.
///
/// Node (level, index) covers the granules `[index << level, min((index + 1) << level, granuleCount))` and is the sum
/// of its left and its right half, in this order. Given the partial sums of any subtrees that lie side by side, the
/// tree says which to add, so that the total has the same bits however the granules were spread over ranks.
public struct GranuleTree: Hashable, Sendable {
    /// One addition: the row `left` becomes row `left` + row `right`.
    public struct Merge: Hashable, Sendable {
        /// The position of the left half; the sum takes its place.
        public let left: Int
        /// The position of the right half.
        public let right: Int
    }

    /// The additions, in order. Afterwards row 0 holds the total.
    public let merges: [Merge]
    /// The number of rows before the first addition.
    public let rowCount: Int

    /// The additions for `subtrees`, the granules of each row from left to right and without gaps.
    ///
    /// When the subtrees cover only a part of the granules, as those of one rank do, what the tree would not add yet is
    /// added from left to right; such a total depends on which part it was.
    public init(granuleCount: Int, subtrees: [Range<Int>]) {
        precondition(!subtrees.isEmpty && subtrees.allSatisfy { !$0.isEmpty }, "a sum has at least one granule")
        rowCount = subtrees.count
        var merges: [Merge] = []
        var open: [(row: Int, granules: Range<Int>)] = []
        for (row, granules) in subtrees.enumerated() {
            precondition(open.last.map { $0.granules.upperBound == granules.lowerBound } ?? true, "subtrees have gaps")
            open.append((row, granules))
            while open.count > 1,
                Self.areSiblings(open[open.count - 2].granules, open[open.count - 1].granules, granuleCount)
            {
                let right = open.removeLast()
                let left = open.removeLast()
                merges.append(Merge(left: left.row, right: right.row))
                open.append((left.row, left.granules.lowerBound..<right.granules.upperBound))
            }
        }
        merges += open.dropFirst().map { Merge(left: open[0].row, right: $0.row) }
        self.merges = merges
    }

    /// The additions for the subtrees of all ranks of `plan`, rank by rank.
    public init(plan: GranulePlan) {
        self.init(granuleCount: plan.granuleCount, subtrees: plan.subtreesByRank.flatMap { $0 })
    }

    /// Adds up `rowCount` rows of `width` values in place; the first row becomes the total.
    public func combine(_ rows: UnsafeMutablePointer<Double>, width: Int) {
        for merge in merges {
            let left = rows + merge.left * width
            let right = rows + merge.right * width
            for column in 0..<width { left[column] += right[column] }
        }
    }

    /// Whether the two halves make one node: the left one is full and starts at a multiple of twice its size, and the
    /// right one ends where the node does.
    private static func areSiblings(_ left: Range<Int>, _ right: Range<Int>, _ granuleCount: Int) -> Bool {
        let size = left.count
        guard size.nonzeroBitCount == 1, left.lowerBound % (2 * size) == 0 else { return false }
        return right.upperBound == min(left.lowerBound + 2 * size, granuleCount)
    }
}
