/// How one global batch is cut: into granules by its size alone, and granules into the contiguous shares of the ranks.
///
/// Every sum over samples is taken granule by granule, and granules are combined by one fixed tree. A rank's share of the
/// sum is therefore a few *subtrees* that do not depend on the other ranks, and the same tree finishes the sum in the same
/// order on any number of ranks.
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

    /// The granule that covers a position in the global batch.
    public func granule(ofSample sample: Int) -> Int {
        ((sample + 1) * granuleCount - 1) / max(1, sampleCount)
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

    /// The tree by which sums over the batch are taken.
    public var tree: GranuleTree { GranuleTree(granuleCount: granuleCount) }

    /// The maximal subtrees of granules that lie wholly within one rank, from left to right.
    public func subtrees(ofRank rank: Int) -> [Range<Int>] { tree.subtrees(within: granules(ofRank: rank)) }

    /// The subtrees of every rank, rank by rank; together they cover all granules from left to right.
    public var subtreesByRank: [[Range<Int>]] { (0..<rankCount).map(subtrees(ofRank:)) }

    /// One rank's small sums, subtree by subtree, from those of its granules.
    public func partialSums<Element: FloatingPoint, Failure: Error>(
        ofRank rank: Int, granule: (_ granule: Int) throws(Failure) -> [Element]
    ) throws(Failure) -> [Element] {
        var sums: [Element] = []
        for subtree in subtrees(ofRank: rank) { sums += try tree.sums(of: subtree, granule: granule) }
        return sums
    }
}
