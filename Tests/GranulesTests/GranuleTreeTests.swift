import Granules
import Testing

@Suite("The granule tree, in symbols")
struct GranuleTreeTests {
    /// What is written for a left and a right half that are added.
    private func add(_ left: inout String, _ right: String) { left = "(\(left)+\(right))" }

    /// The node of the definition, written out: (level, index) covers [index << level, min((index + 1) << level, G)).
    private func node(level: Int, index: Int, granuleCount: Int) -> String {
        if level == 0 { return "\(index)" }
        var node = node(level: level - 1, index: 2 * index, granuleCount: granuleCount)
        if (2 * index + 1) << (level - 1) < granuleCount {
            add(&node, self.node(level: level - 1, index: 2 * index + 1, granuleCount: granuleCount))
        }
        return node
    }

    private func definition(_ granuleCount: Int) -> String {
        var level = 0
        while 1 << level < granuleCount { level += 1 }
        return node(level: level, index: 0, granuleCount: granuleCount)
    }

    /// All ways to cut the granules into runs, one for each rank; at most `most` ranks.
    private func cuts(_ granules: Range<Int>, ranks most: Int) -> [[Range<Int>]] {
        guard most > 1 else { return [[granules]] }
        return [[granules]]
            + granules.dropFirst().flatMap { edge in
                cuts(edge..<granules.upperBound, ranks: most - 1).map { [granules.lowerBound..<edge] + $0 }
            }
    }

    /// What a rank of several workers makes of its granules: each sums the subtrees of its part, and the tree is finished
    /// over theirs. One expression for each of the rank's subtrees.
    private func partialSums(_ tree: GranuleTree, _ granules: Range<Int>, workers: Int) -> [String] {
        let edges = (0...workers).map { granules.lowerBound + $0 * granules.count / workers }
        let pieces = zip(edges, edges.dropFirst()).flatMap { tree.subtrees(within: $0..<$1) }
        let sums = pieces.map { tree.sum(of: $0, granule: { "\($0)" }, add: add) }
        return tree.subtrees(within: granules).map { subtree in
            tree.sum(of: subtree, known: { pieces.firstIndex(of: $0).map { sums[$0] } }, add: add)
        }
    }

    /// What all ranks make of all granules, by the additions that are written out over their partial sums.
    private func total(_ tree: GranuleTree, _ cut: [Range<Int>], workers: Int) -> String {
        let order = SummationOrder(of: cut.flatMap(tree.subtrees(within:)), in: tree)
        var rows = cut.flatMap { partialSums(tree, $0, workers: workers) }
        for addition in order.additions { add(&rows[addition.left], rows[addition.right]) }
        return rows[0]
    }

    // Guards: the order of every sum of every run so far, by the definition that stands in the documentation.
    @Test("is the one of the definition", arguments: 1...64)
    func definition(of granuleCount: Int) {
        let tree = GranuleTree(granuleCount: granuleCount)
        #expect(tree.sum(of: tree.root, granule: { "\($0)" }, add: add) == definition(granuleCount))
    }

    // Guards: weights that do not depend on the ranks. Three ranks are all runs that a rank can hold, those before it and
    // those behind it.
    @Test("adds in the same order on one, two and three ranks, wherever they are cut", arguments: 1...64)
    func cutsIntoThree(granuleCount: Int) {
        let tree = GranuleTree(granuleCount: granuleCount)
        let expected = definition(granuleCount)
        for cut in cuts(tree.root, ranks: 3) { #expect(total(tree, cut, workers: 1) == expected, "\(cut)") }
    }

    // Guards: the same for every number of ranks and, within each, of workers.
    @Test("adds in the same order on any ranks and workers", arguments: 1...12, [1, 2, 3])
    func allCuts(granuleCount: Int, workers: Int) {
        let tree = GranuleTree(granuleCount: granuleCount)
        let expected = definition(granuleCount)
        let cuts = cuts(tree.root, ranks: granuleCount)
        #expect(cuts.count == 1 << (granuleCount - 1))
        for cut in cuts { #expect(total(tree, cut, workers: workers) == expected, "\(cut)") }
    }

    // Guards: that these tests can fail. Ranks added from left to right, the usual way, depend on the cut.
    @Test("is not the order of the ranks", arguments: 4...12)
    func otherOrders(granuleCount: Int) {
        let tree = GranuleTree(granuleCount: granuleCount)
        let totals = cuts(tree.root, ranks: granuleCount).map { cut in
            let rows = cut.flatMap { partialSums(tree, $0, workers: 1) }
            return rows.dropFirst().reduce(into: rows[0], add)
        }
        #expect(Set(totals).count > 1)
    }

    // Guards: gradients, which are added where the last granule of a sum is computed.
    @Test("is walked granule by granule, too", arguments: 1...64)
    func completedSums(granuleCount: Int) {
        let tree = GranuleTree(granuleCount: granuleCount)
        for start in 0..<granuleCount {
            for node in tree.subtrees(within: start..<granuleCount) {
                var open: [String] = []
                for (granule, completed) in zip(node, tree.completedSums(of: node)) {
                    open.append("\(granule)")
                    for _ in 0..<completed { add(&open[open.count - 2], open.removeLast()) }
                }
                #expect(open == [tree.sum(of: node, granule: { "\($0)" }, add: add)], "\(node)")
            }
        }
    }

    @Test("adds what it would not add yet from left to right when rows cover a part of the granules only")
    func partialCover() {
        let order = SummationOrder(of: [3..<4, 4..<6, 6..<8, 8..<10], in: GranuleTree(granuleCount: 16))
        var rows = ["a", "b", "c", "d"]
        for addition in order.additions { add(&rows[addition.left], rows[addition.right]) }
        #expect(rows[0] == "((a+(b+c))+d)")
    }

    @Test("adds rows of doubles in that order")
    func sumsRows() {
        let order = SummationOrder(of: [0..<1, 1..<2, 2..<3], in: GranuleTree(granuleCount: 3))
        var rows = [1e300, 1, -1e300, 2, 1, 4]
        rows.withUnsafeMutableBufferPointer { order.sum($0.baseAddress!, width: 2) }
        #expect(Array(rows.prefix(2)) == [(1e300 + -1e300) + 1, 7])
    }

    // Guards: a rank's loss and batch statistics, the small sums that enter the exchange.
    @Test("a rank's small sums are those of its subtrees", arguments: [1, 2, 3, 5])
    func partialSums(ranks: Int) {
        let plan = GranulePlan(sampleCount: 80, granuleCount: 13, rankCount: ranks)
        for rank in 0..<ranks {
            let sums = plan.partialSums(ofRank: rank) { [Double(1 << $0), 1] }
            let expected = plan.subtrees(ofRank: rank).flatMap {
                [Double(1 << $0.upperBound - 1 << $0.lowerBound), Double($0.count)]
            }
            #expect(sums == expected)
        }
    }
}
