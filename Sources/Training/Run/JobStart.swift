import Granules
import Collectives
import Hosts
import Tensors

/// How every job starts, be it a training, an evaluation or a measurement: its plan is checked, its hosts are looked at,
/// and the granules of a batch are given to its ranks.
public struct JobStart: Sendable {
    /// The threads of this rank.
    public let threads: Int
    /// Why threads cannot each have a core to themselves, which makes figures of speed worthless; nil if they can.
    public let sharingWarning: String?
    private let balanced: BalancedShares

    /// Starts a job; every rank calls it.
    ///
    /// - Parameters:
    ///   - threads: the threads of this rank.
    ///   - balance: how granules are spread over the ranks, the same on all.
    ///   - data: what the job trains on; nil for one that does not train, in which nobody chooses a batch.
    ///   - warn: is told on rank 0, before anything takes long, what a person should know of the hosts: a sentence for each
    ///     cause, or none.
    /// - Throws: `RunFailure`, the same on every rank, when the plan cannot be for these ranks and threads, or a rank cannot
    ///   be given its memory or be measured; `CommunicationError`.
    public init(
        _ plan: TrainingPlan, threads: Int = 1, balance: Balance = .even, data: RunData? = nil,
        over communicator: any Communicator, warn: ([String]) -> Void = { _ in }
    ) throws {
        try RankAgreement(communicator).together {
            try plan.validate(ranks: communicator.size, threads: threads, trainingImages: data?.training.count)
        }
        let diagnosis = try Diagnosis(
            of: plan, balance, threads: threads, images: data?.imageCount ?? 0, choosesBatch: data != nil,
            over: communicator)
        if communicator.rank == 0 { warn(diagnosis.warnings) }
        self.threads = threads
        sharingWarning = diagnosis.sharingWarning
        balanced = try BalancedShares(balance, plan, threads: threads, over: communicator)
    }

    /// The granules of each rank.
    public var shares: GranuleShares { balanced.shares }

    /// What a person should know of the shares; nil where they are even, as nobody asked for others.
    public var sentence: String? { balanced.sentence }
}
