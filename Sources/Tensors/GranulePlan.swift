/// How one global batch is cut: into granules by its size alone, and granules into the contiguous shares of the ranks.
///
/// Every sum over samples is taken granule by granule, and granules are combined by one fixed binary tree over aligned
/// powers of two. A rank's share of the sum is therefore a few *subtrees* that do not depend on the other ranks, and
/// the same tree finishes the sum in the same order on any number of ranks.
public struct GranulePlan: Hashable, Sendable {
    /// The number of samples in the global batch.
    public let sampleCount: Int
    /// The granules of each rank.
    public let shares: GranuleShares

    /// A plan for a global batch of `sampleCount` samples.
    public init(sampleCount: Int, shares: GranuleShares) {
        precondition(sampleCount >= 0, "a batch of \(sampleCount) samples")
        self.sampleCount = sampleCount
        self.shares = shares
    }

    /// A plan with even shares.
    public init(sampleCount: Int, granuleCount: Int, rankCount: Int) {
        self.init(sampleCount: sampleCount, shares: .even(granules: granuleCount, ranks: rankCount))
    }

    /// The number of granules; some are empty when there are fewer samples.
    public var granuleCount: Int { shares.granuleCount }

    /// The number of ranks, at most `granuleCount`.
    public var rankCount: Int { shares.rankCount }

    /// The positions in the global batch that one granule covers.
    public func samples(inGranule granule: Int) -> Range<Int> {
        let lower = granule * sampleCount / granuleCount
        let upper = (granule + 1) * sampleCount / granuleCount
        return lower..<upper
    }

    /// The granules of one rank.
    public func granules(ofRank rank: Int) -> Range<Int> { shares.granules(ofRank: rank) }

    /// The positions in the global batch that one rank holds.
    public func samples(ofRank rank: Int) -> Range<Int> {
        let granules = granules(ofRank: rank)
        let lower = samples(inGranule: granules.lowerBound).lowerBound
        let upper = samples(inGranule: granules.upperBound - 1).upperBound
        return lower..<upper
    }

    /// The most samples that one rank holds of this batch or of any smaller one with the same shares. Of a smaller one it
    /// may hold more than of this: granules differ by one sample, and which are larger depends on the batch.
    public func capacity(ofRank rank: Int) -> Int {
        (granules(ofRank: rank).count * sampleCount + granuleCount - 1) / granuleCount
    }

    /// The maximal subtrees of granules that lie wholly within one rank, from left to right.
    public func subtrees(ofRank rank: Int) -> [Range<Int>] { subtrees(within: granules(ofRank: rank)) }

    /// The maximal subtrees that lie wholly within a run of granules, from left to right.
    public func subtrees(within granules: Range<Int>) -> [Range<Int>] {
        var subtrees: [Range<Int>] = []
        var start = granules.lowerBound
        while start < granules.upperBound {
            var size = 1
            while start % (2 * size) == 0, min(start + 2 * size, granuleCount) <= granules.upperBound,
                start + size < granuleCount
            {
                size *= 2
            }
            let end = min(start + size, granuleCount)
            subtrees.append(start..<end)
            start = end
        }
        return subtrees
    }

    /// The subtrees of every rank, rank by rank; together they cover all granules from left to right.
    public var subtreesByRank: [[Range<Int>]] { (0..<rankCount).map(subtrees(ofRank:)) }
}
