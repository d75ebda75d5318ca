import Collectives
import Failures
import Granules
import Reports

/// The granules of each rank that a balance leads to, and the speeds they are for.
package struct BalancedShares: Sendable, Equatable {
    /// The granules of each rank.
    package let shares: GranuleShares
    /// The images per second that were measured, of each rank; empty unless they were.
    package let imagesPerSecond: [Double]
    private let balance: Balance
    /// The granules that every rank gets at least.
    private let least: Int

    /// Decides on the shares; every rank calls it and gets the same. With a measured balance of several ranks it takes
    /// some steps of a network of its own: nothing that training computes depends on it.
    ///
    /// - Parameters:
    ///   - plan: a plan that was validated for these ranks and threads.
    ///   - threads: the threads of this rank. Every rank gets as many granules as any rank has threads.
    /// - Throws: `CommunicationError`, or `RunFailure` when a rank cannot be measured, the same on every rank.
    package init(
        _ balance: Balance, _ plan: TrainingPlan, threads: Int, over communicator: any Communicator
    ) throws {
        self.balance = balance
        let isMeasured = balance == .measured && communicator.size > 1
        least = balance == .even ? threads : try communicator.allGather(value: threads).max()!
        imagesPerSecond = isMeasured ? try StepSpeed(plan, threads: threads, over: communicator).measure() : []
        let known = isMeasured ? .speeds(imagesPerSecond) : balance
        shares = known.expectedShares(plan, ranks: communicator.size, threads: least)
    }

    /// For people; nil for shares that are even, as nobody asked for others.
    package var sentence: String? {
        guard shares.rankCount > 1 else { return nil }
        guard balance == .even else { return "Balance: \(summary)." }
        let usedShare = Double(shares.granuleCount) / Double(shares.counts.max()! * shares.rankCount)
        guard usedShare < 1 else { return nil }
        let advice = evenGranules.map { " A new run with --granules \($0) would share evenly, in other bits." } ?? ""
        return "Shares: \(summary). A step lasts as long as the largest, which uses "
            + "\(NumberFormat.percentage(usedShare)) of the ranks' time.\(advice)"
    }

    /// The number of granules closest to the plan's of which every rank gets as many, all in one subtree: each further
    /// subtree of a rank is a partial sum of all gradients to be sent.
    private var evenGranules: Int? {
        let sizes = sequence(first: 1) { $0 * 2 }.prefix { $0 * shares.rankCount <= TrainingPlan.mostGranules }
        return sizes.filter { $0 >= least }.map { $0 * shares.rankCount }.min {
            abs($0 - shares.granuleCount) < abs($1 - shares.granuleCount)
        }
    }

    /// Who gets how many granules, and the measured speeds.
    private var summary: String {
        let counts = shares.counts
        guard counts.count > Self.mostListedRanks else {
            let speeds =
                imagesPerSecond.isEmpty
                ? "" : " (\(imagesPerSecond.map(NumberFormat.rate).joined(separator: ", ")) images/s)"
            return "\(Self.list(counts)) of \(shares.granuleCount) granules to ranks "
                + "\(Self.list(Array(counts.indices)))\(speeds)"
        }
        let (fewest, most) = (counts.min()!, counts.max()!)
        let speeds =
            imagesPerSecond.isEmpty
            ? ""
            : " (\(NumberFormat.rate(imagesPerSecond.min()!)) to \(NumberFormat.rate(imagesPerSecond.max()!)) images/s)"
        return "\(fewest) (rank \(counts.firstIndex(of: fewest)!)) to \(most) (rank "
            + "\(counts.firstIndex(of: most)!)) of \(shares.granuleCount) granules to each of \(counts.count) ranks"
            + "\(speeds)"
    }

    /// More ranks than these would make a sentence that nobody reads.
    private static let mostListedRanks = 12

    private static func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
}
