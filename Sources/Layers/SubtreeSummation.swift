import Kernels
import Tensors

/// Sums granules within one rank along the fixed binary tree.
///
/// A node covers an aligned power of two of granules; its sum is the left child's plus the right child's. A right child
/// that is a single granule is added onto its left sibling at once; any other goes through scratch memory.
public final class SubtreeSummation {
    private let scratch: [Tensor]
    private let count: Int

    /// Scratch for sums of `count` floats over at most `granuleCount` granules.
    public init(count: Int, granuleCount: Int) {
        self.count = count
        var levels = 0
        while 1 << levels < granuleCount { levels += 1 }
        scratch = (0..<max(0, levels - 1)).map { _ in Tensor([count]) }
    }

    /// Sums the granules of one subtree into `target`.
    ///
    /// - Parameter leaf: computes one granule's sum; it overwrites, or adds in one rounding if `accumulate`.
    public func sum(
        _ subtree: Range<Int>, into target: UnsafeMutablePointer<Float>,
        leaf: (_ granule: Int, _ target: UnsafeMutablePointer<Float>, _ accumulate: Bool) throws -> Void
    ) rethrows {
        try sum(subtree, into: target, depth: 0, leaf)
    }

    private func sum(
        _ node: Range<Int>, into target: UnsafeMutablePointer<Float>, depth: Int,
        _ leaf: (Int, UnsafeMutablePointer<Float>, Bool) throws -> Void
    ) rethrows {
        if node.count == 1 { return try leaf(node.lowerBound, target, false) }
        let middle = Self.middle(of: node)
        try sum(node.lowerBound..<middle, into: target, depth: depth, leaf)
        if node.upperBound - middle == 1 {
            try leaf(middle, target, true)
        } else {
            try sum(middle..<node.upperBound, into: scratch[depth].pointer, depth: depth + 1, leaf)
            Elementwise.add(scratch[depth].pointer, to: target, count: count)
        }
    }

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
    private static func middle(of node: Range<Int>) -> Int {
        var half = 1
        while half * 2 < node.count { half *= 2 }
        return node.lowerBound + half
    }
}
