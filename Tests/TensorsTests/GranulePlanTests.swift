import Tensors
import Testing

@Suite("Granules")
struct GranulePlanTests {
    // Guards: every sample and every granule belongs to exactly one rank, in order, whatever the numbers.
    @Test(arguments: [1, 2, 3, 5, 7, 8, 16], [16, 17, 20, 64])
    func ranksPartitionTheBatch(ranks: Int, granules: Int) {
        for samples in [0, 1, 5, 80, 127, 128] {
            let plan = GranulePlan(sampleCount: samples, granuleCount: granules, rankCount: ranks)
            #expect((0..<ranks).flatMap { Array(plan.samples(ofRank: $0)) } == Array(0..<samples))
            #expect((0..<ranks).flatMap { Array(plan.granules(ofRank: $0)) } == Array(0..<granules))
            let shares = (0..<ranks).map { plan.samples(ofRank: $0).count }
            #expect(plan.largestShare == shares.max())
            // The cut into granules must not know the ranks.
            let alone = GranulePlan(sampleCount: samples, granuleCount: granules, rankCount: 1)
            #expect((0..<granules).allSatisfy { plan.samples(inGranule: $0) == alone.samples(inGranule: $0) })
        }
    }

    // Guards: subtrees are nodes of the one tree, as large as the rank's granules allow, from left to right.
    @Test(arguments: [1, 2, 3, 5, 7, 8, 16], [16, 17, 20, 64])
    func subtreesAreMaximalNodes(ranks: Int, granules: Int) {
        let plan = GranulePlan(sampleCount: 128, granuleCount: granules, rankCount: ranks)
        func isNode(_ range: Range<Int>) -> Bool {
            var size = 1
            while size < 2 * granules {
                if range.lowerBound % size == 0, range.upperBound == min(range.lowerBound + size, granules) {
                    return true
                }
                size *= 2
            }
            return false
        }
        for rank in 0..<ranks {
            let own = plan.granules(ofRank: rank)
            let subtrees = plan.subtrees(ofRank: rank)
            #expect(subtrees.flatMap { Array($0) } == Array(own))
            #expect(subtrees.allSatisfy(isNode))
            for (left, right) in zip(subtrees, subtrees.dropFirst()) {
                #expect(!isNode(left.lowerBound..<right.upperBound), "\(left) and \(right) are one node")
            }
        }
        #expect(GranulePlan(sampleCount: 9, granuleCount: granules, rankCount: 1).subtrees(ofRank: 0) == [0..<granules])
    }

    // Guards: the example in the documentation.
    @Test func threeRanksOfSixteenGranules() {
        let plan = GranulePlan(sampleCount: 128, granuleCount: 16, rankCount: 3)
        #expect(plan.subtreesByRank == [[0..<4, 4..<5], [5..<6, 6..<8, 8..<10], [10..<12, 12..<16]])
    }
}
