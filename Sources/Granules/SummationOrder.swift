/// The additions that the tree makes of rows of partial sums, each the sum of some node, as a list.
///
/// It is made once where rows are long or summed again and again.
public struct SummationOrder: Hashable, Sendable {
    /// One addition: the row `left` becomes row `left` + row `right`.
    public struct Addition: Hashable, Sendable {
        /// The position of the left half; the sum takes its place.
        public let left: Int
        /// The position of the right half.
        public let right: Int
    }

    /// The additions, in order. Afterwards row 0 holds the total.
    public let additions: [Addition]
    /// The number of rows before the first addition.
    public let rowCount: Int

    /// The additions for `rows`, nodes of `tree` from left to right and without gaps.
    ///
    /// When the rows cover only a part of the granules, as those of one rank do, what the tree would not add yet is
    /// added from left to right; such a total depends on which part it was.
    public init(of rows: [Range<Int>], in tree: GranuleTree) {
        guard let first = rows.first, let last = rows.last else {
            preconditionFailure("a sum has at least one granule")
        }
        rowCount = rows.count
        var additions: [Addition] = []
        // The walk comes by the rows in their order.
        var next = 0
        func row(_ node: Range<Int>) -> Int? {
            guard next < rows.count, rows[next] == node else { return nil }
            defer { next += 1 }
            return next
        }
        let sums = tree.subtrees(within: first.lowerBound..<last.upperBound).map { subtree in
            tree.sum(of: subtree, known: row) { left, right in additions.append(Addition(left: left, right: right)) }
        }
        additions += sums.dropFirst().map { Addition(left: sums[0], right: $0) }
        precondition(next == rows.count, "\(rows) are not nodes that lie side by side")
        self.additions = additions
    }

    /// The additions for the subtrees of all ranks of `plan`, rank by rank.
    public init(of plan: GranulePlan) {
        self.init(of: plan.subtreesByRank.flatMap { $0 }, in: plan.tree)
    }

    /// Adds up `rowCount` rows of `width` values in place; the first row becomes the total.
    public func sum(_ rows: UnsafeMutablePointer<Double>, width: Int) {
        for addition in additions {
            let left = rows + addition.left * width
            let right = rows + addition.right * width
            for column in 0..<width { left[column] += right[column] }
        }
    }
}
