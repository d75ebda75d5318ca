/// The fixed binary tree by which sums over granules are taken: the one rule on which every bit of a run rests.
///
/// A node is a range of granules. Those of level l begin at multiples of 2ˡ and hold 2ˡ granules; the last one ends where
/// the granules end. The sum of a node is that of its left half plus that of its right half, in this order. The tree
/// follows from the number of granules alone, so a sum has the same bits wherever its granules are.
public struct GranuleTree: Hashable, Sendable {
    /// The number of granules, at least 1.
    public let granuleCount: Int

    /// The tree over so many granules.
    public init(granuleCount: Int) {
        precondition(granuleCount > 0, "a sum has at least one granule")
        self.granuleCount = granuleCount
    }

    /// All granules.
    public var root: Range<Int> { 0..<granuleCount }

    /// The two nodes that a node is the sum of; nil if it is a single granule.
    public func halves(of node: Range<Int>) -> (left: Range<Int>, right: Range<Int>)? {
        guard node.count > 1 else { return nil }
        // A node begins at a multiple of the power of two it is cut off from, so its left half is the largest power of two
        // that leaves something for the right one.
        var size = 1
        while size * 2 < node.count { size *= 2 }
        let middle = node.lowerBound + size
        return (node.lowerBound..<middle, middle..<node.upperBound)
    }

    /// The largest nodes that lie wholly within a run of granules, from left to right; together they are the run.
    public func subtrees(within granules: Range<Int>) -> [Range<Int>] { subtrees(within: granules, under: root) }

    private func subtrees(within granules: Range<Int>, under node: Range<Int>) -> [Range<Int>] {
        if node.clamped(to: granules) == node { return [node] }
        guard node.overlaps(granules), let halves = halves(of: node) else { return [] }
        return subtrees(within: granules, under: halves.left) + subtrees(within: granules, under: halves.right)
    }
}

// The one walk: whoever adds up granules, symbols or numbers, on one rank or over many, does so by it.
extension GranuleTree {
    /// The sum of a node, from left to right and from the bottom to the top.
    ///
    /// - Parameters:
    ///   - known: the sum of a node that need not be taken, nil for one that is the sum of its halves. A single granule's
    ///     sum is always known.
    ///   - add: adds the sum of a right half to that of the left one.
    public func sum<Sum, Failure: Error>(
        of node: Range<Int>, known: (_ node: Range<Int>) throws(Failure) -> Sum?,
        add: (_ left: inout Sum, _ right: Sum) -> Void
    ) throws(Failure) -> Sum {
        if let sum = try known(node) { return sum }
        guard let halves = halves(of: node) else {
            preconditionFailure("the sum of granule \(node.lowerBound) is missing")
        }
        var sum = try self.sum(of: halves.left, known: known, add: add)
        let right = try self.sum(of: halves.right, known: known, add: add)
        add(&sum, right)
        return sum
    }

    /// The sum of a node from the sums of its granules.
    public func sum<Sum, Failure: Error>(
        of node: Range<Int>, granule: (_ granule: Int) throws(Failure) -> Sum,
        add: (_ left: inout Sum, _ right: Sum) -> Void
    ) throws(Failure) -> Sum {
        try sum(
            of: node,
            known: { (node) throws(Failure) in node.count == 1 ? try granule(node.lowerBound) : nil }, add: add)
    }

    /// Some sums of a node at once, element by element, from those of its granules. Whoever goes on summing over ranks must
    /// do so in the same type, or the place where a sum is rounded would depend on the ranks.
    public func sums<Element: FloatingPoint, Failure: Error>(
        of node: Range<Int>, granule: (_ granule: Int) throws(Failure) -> [Element]
    ) throws(Failure) -> [Element] {
        try sum(of: node, granule: granule) { left, right in
            for index in left.indices { left[index] += right[index] }
        }
    }

    /// For each granule of a node, from left to right, the number of sums that it is the last granule of.
    ///
    /// They are taken as soon as that granule's sum is there: it is added to the left half waiting since last, their sum to
    /// the one before, and so on.
    public func completedSums(of node: Range<Int>) -> [Int] {
        var counts = [Int](repeating: 0, count: node.count)
        _ = sum(of: node, granule: { $0 }) { last, lastOfRight in
            last = lastOfRight
            counts[last - node.lowerBound] += 1
        }
        return counts
    }
}
