/// How the granules of a global batch are spread over the ranks: in rank order, each holds a contiguous run of at least one.
///
/// Every sum over samples is taken by granule and combined by one fixed tree, so the spread decides how long a step
/// takes, and never what it computes.
public struct GranuleShares: Hashable, Sendable {
    /// Where each rank's granules begin, and at the end the number of granules.
    private let edges: [Int]

    /// Shares of so many granules for each rank.
    public init(counts: [Int]) {
        precondition(!counts.isEmpty && counts.allSatisfy { $0 > 0 }, "each rank holds at least one granule")
        edges = counts.reduce(into: [0]) { edges, count in edges.append(edges[edges.count - 1] + count) }
    }

    /// Shares that differ by at most one granule.
    public static func even(granules: Int, ranks: Int) -> GranuleShares {
        precondition(ranks > 0 && granules >= ranks, "granules must be at least ranks")
        return GranuleShares(counts: (0..<ranks).map { ($0 + 1) * granules / ranks - $0 * granules / ranks })
    }

    /// Shares for ranks of different speeds: no others would let the rank that takes longest, its granules divided by
    /// its speed, be done earlier. The same numbers give the same shares on every rank.
    ///
    /// - Parameters:
    ///   - granules: all of them.
    ///   - speeds: of each rank, in any unit; greater than zero.
    ///   - least: the granules that every rank gets, however slow; at least 1, for all ranks at most `granules`.
    public init(granules: Int, speeds: [Double], least: Int = 1) {
        precondition(least > 0 && least * speeds.count <= granules, "granules must be at least ranks times \(least)")
        precondition(speeds.allSatisfy { $0 > 0 }, "speeds must be greater than zero")
        var counts = [Int](repeating: least, count: speeds.count)
        // Each further granule goes where it is done first. Equals: to the last rank, as in even shares.
        for _ in 0..<granules - least * speeds.count {
            let times = zip(counts, speeds).map { Double($0 + 1) / $1 }
            let next = times.indices.reversed().min { times[$0] < times[$1] }!
            counts[next] += 1
        }
        self.init(counts: counts)
    }

    /// The number of granules.
    public var granuleCount: Int { edges[edges.count - 1] }

    /// The number of ranks.
    public var rankCount: Int { edges.count - 1 }

    /// The granules of one rank.
    public func granules(ofRank rank: Int) -> Range<Int> { edges[rank]..<edges[rank + 1] }

    /// The number of granules of each rank.
    public var counts: [Int] { (0..<rankCount).map { granules(ofRank: $0).count } }
}
