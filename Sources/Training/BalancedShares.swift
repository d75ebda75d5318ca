import Collectives
import Reports
import Tensors

/// The granules of each rank that a balance leads to, and the speeds they are for.
public struct BalancedShares: Sendable, Equatable {
    /// The granules of each rank.
    public let shares: GranuleShares
    /// The images per second that were measured, of each rank; empty unless they were.
    package let imagesPerSecond: [Double]
    private let balance: Balance

    /// Decides on the shares; every rank calls it and gets the same. With a measured balance of several ranks it takes
    /// some steps of a network of its own: nothing that training computes depends on it.
    ///
    /// - Parameters:
    ///   - plan: a plan that was validated for these ranks and threads.
    ///   - threads: the threads of this rank. Every rank gets as many granules as any rank has threads.
    /// - Throws: `CommunicationError`, or `RunFailure` when a rank cannot be measured, the same on every rank.
    public init(
        _ balance: Balance, _ plan: TrainingPlan, threads: Int, over communicator: any Communicator
    ) throws {
        self.balance = balance
        let isMeasured = balance == .measured && communicator.size > 1
        let least = balance == .even ? threads : try communicator.allGather(value: threads).max()!
        imagesPerSecond = isMeasured ? try StepSpeed(plan, threads: threads, over: communicator).measure() : []
        let known = isMeasured ? .speeds(imagesPerSecond) : balance
        shares = known.expectedShares(plan, ranks: communicator.size, threads: least)
    }

    /// For people; nil for even shares.
    public var sentence: String? {
        guard balance != .even, shares.rankCount > 1 else { return nil }
        let counts = shares.counts
        guard counts.count > Self.mostListedRanks else {
            let speeds =
                imagesPerSecond.isEmpty
                ? "" : " (\(imagesPerSecond.map(NumberFormat.rate).joined(separator: ", ")) images/s)"
            return "Balance: \(Self.list(counts)) of \(shares.granuleCount) granules to ranks "
                + "\(Self.list(Array(counts.indices)))\(speeds)."
        }
        let (fewest, most) = (counts.min()!, counts.max()!)
        let speeds =
            imagesPerSecond.isEmpty
            ? ""
            : " (\(NumberFormat.rate(imagesPerSecond.min()!)) to \(NumberFormat.rate(imagesPerSecond.max()!)) images/s)"
        return "Balance: \(fewest) (rank \(counts.firstIndex(of: fewest)!)) to \(most) (rank "
            + "\(counts.firstIndex(of: most)!)) of \(shares.granuleCount) granules to each of \(counts.count) ranks"
            + "\(speeds)."
    }

    /// More ranks than these would make a sentence that nobody reads.
    private static let mostListedRanks = 12

    private static func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
}
