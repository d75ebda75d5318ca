import Failures

/// Communication between ranks failed: what, where, why, and what to do next.
public struct CommunicationError: ExplainedError, Hashable {
    /// What kind of thing went wrong.
    public enum Cause: Hashable, Sendable {
        /// The transport reported an error.
        case transport
        /// The process of another rank has ended.
        case death
        /// Another rank no longer answers, or all ranks wait and none goes on.
        case stall
    }

    /// What was being done.
    public let operation: CollectiveOperation
    /// The rank that noticed.
    public let rank: Int
    /// The machine that rank runs on.
    public let hostName: String
    /// What kind of thing went wrong.
    public let cause: Cause
    /// What went wrong, in the words of the transport; no full stop at the end.
    public let reason: String
    /// What the reader can do, a full sentence.
    public let nextStep: String
    /// Lines that follow the sentence, such as what every rank was doing; empty when there are none.
    public let details: String

    /// A stall is told from other failures.
    public var exitCode: ExitCode { cause == .stall ? .stalled : .communication }

    /// An error noticed by `rank` on `hostName`.
    public init(
        operation: CollectiveOperation, rank: Int, hostName: String, cause: Cause = .transport, reason: String,
        nextStep: String, details: String = ""
    ) {
        self.operation = operation
        self.rank = rank
        self.hostName = hostName
        self.cause = cause
        self.reason = reason
        self.nextStep = nextStep
        self.details = details
    }

    /// `Rank 3 on node7 failed in the barrier: … . Start the job again with --resume.` Where another rank is to blame,
    /// the sentence begins with that one.
    public var description: String {
        let sentence =
            switch cause {
            case .transport: "Rank \(rank) on \(hostName) failed in \(operation): \(reason). \(nextStep)"
            case .death, .stall: "\(reason). \(nextStep)"
            }
        return details.isEmpty ? sentence : sentence + "\n" + details
    }
}
