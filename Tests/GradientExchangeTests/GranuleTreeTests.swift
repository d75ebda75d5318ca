import GradientExchange
import Tensors
import Testing

@Suite("The granule tree")
struct GranuleTreeTests {
    /// The node of the definition, written out: (level, index) covers [index << level, min((index + 1) << level, G)).
    private func node(level: Int, index: Int, granuleCount: Int) -> String {
        if level == 0 { return "\(index)" }
        let left = node(level: level - 1, index: 2 * index, granuleCount: granuleCount)
        guard (2 * index + 1) << (level - 1) < granuleCount else { return left }
        return "(\(left)+\(node(level: level - 1, index: 2 * index + 1, granuleCount: granuleCount)))"
    }

    /// What the merges make of the rows, written out.
    private func expression(_ tree: GranuleTree, rows: [String]) -> String {
        var rows = rows
        for merge in tree.merges { rows[merge.left] = "(\(rows[merge.left])+\(rows[merge.right]))" }
        return rows[0]
    }

    private func root(_ granuleCount: Int) -> String {
        var level = 0
        while 1 << level < granuleCount { level += 1 }
        return node(level: level, index: 0, granuleCount: granuleCount)
    }

    @Test(
        "makes the same expression of the granules however they are spread over ranks",
        arguments: [1, 2, 3, 5, 8, 12, 16, 20, 33])
    func sameExpressionForEveryRankCount(granuleCount: Int) {
        let expected = root(granuleCount)
        for rankCount in 1...granuleCount {
            let plan = GranulePlan(sampleCount: 128, granuleCount: granuleCount, rankCount: rankCount)
            let rows = plan.subtreesByRank.flatMap { $0 }.map { subtree in
                expression(
                    GranuleTree(granuleCount: granuleCount, subtrees: subtree.map { $0..<$0 + 1 }),
                    rows: subtree.map(String.init))
            }
            #expect(expression(GranuleTree(plan: plan), rows: rows) == expected, "\(rankCount) ranks")
        }
    }

    @Test("adds each row exactly once when it covers a part of the granules only")
    func partialCover() {
        let tree = GranuleTree(granuleCount: 16, subtrees: [3..<4, 4..<8, 8..<10])
        #expect(expression(tree, rows: ["a", "b", "c"]) == "((a+b)+c)")
    }

    @Test("adds rows of doubles in that order")
    func combinesRows() {
        let tree = GranuleTree(granuleCount: 3, subtrees: [0..<1, 1..<2, 2..<3])
        var rows = [1e300, 1, -1e300, 2, 1, 4]
        rows.withUnsafeMutableBufferPointer { tree.combine($0.baseAddress!, width: 2) }
        #expect(Array(rows.prefix(2)) == [(1e300 + -1e300) + 1, 7])
    }
}
