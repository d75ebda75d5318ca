import Reports

/// How a job spreads over cores: so many ranks with so many threads each.
public struct RankLayout: Sendable, Hashable, CustomStringConvertible {
    /// The ranks.
    public let ranks: Int
    /// The threads of each rank.
    public let threads: Int

    /// A layout of at least one rank and one thread.
    public init(ranks: Int, threads: Int) {
        precondition(ranks > 0 && threads > 0, "a layout has ranks and threads")
        self.ranks = ranks
        self.threads = threads
    }

    /// Reads a layout written as `RANKSxTHREADS`, such as `4x1`; nil for anything else.
    public init?(_ text: String) {
        let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let ranks = numbers[0], let threads = numbers[1], 1...4096 ~= ranks,
            1...4096 ~= threads
        else { return nil }
        self.init(ranks: ranks, threads: threads)
    }

    /// The cores it takes.
    public var cores: Int { ranks * threads }

    /// One thread a rank: powers of two ranks up to the cores of a machine, and all of them.
    public static func doubling(upTo cores: Int) -> [RankLayout] {
        let powers = sequence(first: 1) { $0 * 2 }.prefix { $0 < cores }
        return (powers + [max(1, cores)]).map { RankLayout(ranks: $0, threads: 1) }
    }

    /// As it is written: `4x1`.
    public var description: String { "\(ranks)x\(threads)" }
}
