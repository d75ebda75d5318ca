/// What a training takes of memory at least, in bytes.
public struct MemoryNeed: Sendable, Equatable {
    /// Of each rank, in rank order.
    package let rankBytes: [Int]
    /// Of each host, besides: the files of the data set, which all its ranks share.
    package let hostBytes: Int

    /// So much of each rank and of each host.
    package init(rankBytes: [Int], hostBytes: Int) {
        self.rankBytes = rankBytes
        self.hostBytes = hostBytes
    }

    /// Of some ranks of one host, the data included.
    func bytes(of ranks: [RankFacts]) -> Int { ranks.reduce(hostBytes) { $0 + rankBytes[$1.rank] } }
}
