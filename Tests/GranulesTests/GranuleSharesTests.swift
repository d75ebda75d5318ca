import Granules
import Testing

@Suite("Granules by the speed of ranks")
struct GranuleSharesTests {
    /// All ways of giving `granules` to `ranks` ranks, at least `least` to each.
    private func splits(_ granules: Int, ranks: Int, least: Int) -> [[Int]] {
        guard ranks > 1 else { return granules >= least ? [[granules]] : [] }
        guard granules >= least * ranks else { return [] }
        return (least...granules - least * (ranks - 1)).flatMap { first in
            splits(granules - first, ranks: ranks - 1, least: least).map { [first] + $0 }
        }
    }

    private func slowest(_ counts: [Int], _ speeds: [Double]) -> Double {
        zip(counts, speeds).map { Double($0) / $1 }.max()!
    }

    // Guards: nothing is lost, nobody is left out, and no other split would be faster, by trying all of them.
    @Test(
        "no split is faster",
        arguments: [[1.0], [3, 1], [1, 1, 1], [412, 187], [1, 2, 3, 4, 5], [100, 1, 1, 100, 50]], [1, 2])
    func fastest(speeds: [Double], least: Int) {
        for granules in max(5, least * speeds.count)...13 {
            let shares = GranuleShares(granules: granules, speeds: speeds, least: least)
            #expect(shares.counts.reduce(0, +) == granules && shares.granuleCount == granules)
            #expect(shares.counts.allSatisfy { $0 >= least } && shares.rankCount == speeds.count)
            let best = splits(granules, ranks: speeds.count, least: least).map { slowest($0, speeds) }.min()!
            #expect(slowest(shares.counts, speeds) == best)
        }
    }

    // Guards: ranks in order hold contiguous runs, which the tree of sums relies on.
    @Test("runs follow each other", arguments: [[3.0, 1, 2], [1, 1, 1, 1, 9]])
    func contiguous(speeds: [Double]) {
        let shares = GranuleShares(granules: 16, speeds: speeds)
        #expect((0..<speeds.count).flatMap { Array(shares.granules(ofRank: $0)) } == Array(0..<16))
    }

    // Guards: the cut of every run so far, on which nothing of a run's bits depends, but its speed.
    @Test("equal speeds are even shares", arguments: [1, 2, 3, 5, 7, 16])
    func even(ranks: Int) {
        let even = GranuleShares.even(granules: 16, ranks: ranks)
        #expect(even.counts.max()! - even.counts.min()! <= 1)
        let equal = GranuleShares(granules: 16, speeds: Array(repeating: 400, count: ranks))
        #expect(equal.counts.sorted() == even.counts.sorted())
        #expect(GranuleShares.even(granules: 16, ranks: 3).counts == [5, 5, 6])
    }
}
