/// The fixed tree within one subtree of granules: a node is the sum of its left and its right half, in this order.
///
/// It is the lower end of the tree that the exchange finishes over ranks: halves divide at aligned powers of two.
public enum SubtreeSummation {
    /// The small sums of one subtree: `leaf` returns one granule's values. Whoever goes on summing over ranks must do so
    /// in the same type, or the place where it is rounded would depend on the ranks.
    public static func sum<Element: FloatingPoint, Failure: Error>(
        _ subtree: Range<Int>, leaf: (_ granule: Int) throws(Failure) -> [Element]
    ) throws(Failure) -> [Element] {
        if subtree.count == 1 { return try leaf(subtree.lowerBound) }
        let middle = middle(of: subtree)
        var left = try sum(subtree.lowerBound..<middle, leaf: leaf)
        let right = try sum(middle..<subtree.upperBound, leaf: leaf)
        for index in left.indices { left[index] += right[index] }
        return left
    }

    /// Where a node divides: half of the power of two it is aligned to.
    static func middle(of node: Range<Int>) -> Int {
        var half = 1
        while half * 2 < node.count { half *= 2 }
        return node.lowerBound + half
    }
}
