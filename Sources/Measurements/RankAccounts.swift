import Collectives
import Reports

/// The median step of every rank of a benchmark.
public struct RankAccounts: Sendable, Equatable {
    /// The median of each phase over a rank's steps, in rank order.
    public let byRank: [StepAccount]

    /// Accounts in rank order, at least one.
    package init(byRank: [StepAccount]) {
        precondition(!byRank.isEmpty, "there is at least one rank")
        self.byRank = byRank
    }

    /// Gathers the medians of this rank's `steps` and of all others'; every rank calls it.
    public init(_ steps: [StepAccount], over communicator: any Communicator) throws {
        self.init(byRank: try communicator.allGather(value: StepAccount.median(of: steps)))
    }

    /// The mean over the ranks.
    public var mean: StepAccount {
        var sum = StepAccount()
        for account in byRank { sum.add(account) }
        return sum.divided(by: byRank.count)
    }

    /// The rank that the others wait for: the one that takes longest for its own work. One of them if several do.
    public var slowestRank: Int { ranked.max { $0.seconds < $1.seconds }!.rank }

    /// The rank that waits longest for the others. One of them if several do.
    public var fastestRank: Int { ranked.min { $0.seconds < $1.seconds }!.rank }

    private var ranked: [(rank: Int, seconds: Double)] {
        byRank.enumerated().map { (rank: $0.offset, seconds: $0.element[.compute] + $0.element[.exchangeWork]) }
    }
}
