import Granules
import Testing

@Suite("Granule plan")
struct GranulePlanTests {
    static let granuleCounts = [1, 2, 3, 5, 7, 8, 12, 16, 23, 32]

    /// Every node of the tree that combines granules: aligned powers of two, cut off at the end.
    private func nodes(granuleCount: Int) -> Set<Range<Int>> {
        var nodes: Set<Range<Int>> = []
        var size = 1
        while true {
            for start in stride(from: 0, to: granuleCount, by: size) {
                nodes.insert(start..<min(start + size, granuleCount))
            }
            guard size < granuleCount else { return nodes }
            size *= 2
        }
    }

    /// The reduction relies on all of it: a gap loses samples, a smaller node than possible changes the sum's order.
    @Test("subtrees cover the granules left to right and are maximal nodes of the tree", arguments: granuleCounts)
    func subtrees(granuleCount: Int) {
        let nodes = nodes(granuleCount: granuleCount)
        for rankCount in 1...granuleCount {
            let plan = GranulePlan(sampleCount: 128, granuleCount: granuleCount, rankCount: rankCount)
            #expect(plan.subtreesByRank.flatMap { $0 }.flatMap { Array($0) } == Array(0..<granuleCount))
            for rank in 0..<rankCount {
                let own = plan.granules(ofRank: rank)
                let subtrees = plan.subtrees(ofRank: rank)
                #expect(subtrees == plan.subtreesByRank[rank])
                for subtree in subtrees {
                    #expect(nodes.contains(subtree))
                    let larger = nodes.filter { $0 != subtree && $0.lowerBound <= subtree.lowerBound }
                        .filter { $0.upperBound >= subtree.upperBound }
                    let within = larger.filter { $0.lowerBound >= own.lowerBound && $0.upperBound <= own.upperBound }
                    #expect(within.isEmpty, "\(subtree) of \(own) lies in \(within)")
                }
            }
        }
    }

    @Test("one rank holds the whole tree as one node", arguments: granuleCounts)
    func oneRank(granuleCount: Int) {
        let plan = GranulePlan(sampleCount: 128, granuleCount: granuleCount, rankCount: 1)
        #expect(plan.subtrees(ofRank: 0) == [0..<granuleCount])
    }

    @Test("granules and ranks partition the batch", arguments: granuleCounts, [0, 1, 5, 80, 127, 128])
    func partition(granuleCount: Int, sampleCount: Int) {
        for rankCount in 1...granuleCount {
            let plan = GranulePlan(sampleCount: sampleCount, granuleCount: granuleCount, rankCount: rankCount)
            #expect((0..<granuleCount).flatMap { Array(plan.samples(inGranule: $0)) } == Array(0..<sampleCount))
            #expect((0..<rankCount).flatMap { Array(plan.samples(ofRank: $0)) } == Array(0..<sampleCount))
            #expect((0..<sampleCount).allSatisfy { plan.samples(inGranule: plan.granule(ofSample: $0)).contains($0) })
        }
    }

    @Test("a granule's samples do not depend on the ranks")
    func granulesAreFixed() {
        let one = GranulePlan(sampleCount: 80, granuleCount: 16, rankCount: 1)
        let five = GranulePlan(sampleCount: 80, granuleCount: 16, rankCount: 5)
        #expect((0..<16).map { one.samples(inGranule: $0) } == (0..<16).map { five.samples(inGranule: $0) })
        #expect((0..<16).allSatisfy { one.samples(inGranule: $0).count == 5 })
    }
}
