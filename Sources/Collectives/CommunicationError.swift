/// Communication between ranks failed: what, where, why, and what to do next.
public struct CommunicationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was being done.
    public let operation: CollectiveOperation
    /// The rank that noticed.
    public let rank: Int
    /// The machine that rank runs on.
    public let hostName: String
    /// What went wrong, in the words of the transport; no full stop at the end.
    public let reason: String
    /// What the reader can do, a full sentence.
    public let nextStep: String

    /// An error noticed by `rank` on `hostName`.
    public init(operation: CollectiveOperation, rank: Int, hostName: String, reason: String, nextStep: String) {
        self.operation = operation
        self.rank = rank
        self.hostName = hostName
        self.reason = reason
        self.nextStep = nextStep
    }

    /// `Rank 3 on node7 failed in the barrier: … . Start the job again with --resume.`
    public var description: String {
        "Rank \(rank) on \(hostName) failed in \(operation): \(reason). \(nextStep)"
    }
}
