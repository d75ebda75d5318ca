import Failures

/// Data that cannot be used; the description says what is wrong and what to do.
public struct DatasetError: ExplainedError, Hashable {
    /// What kind of thing went wrong.
    public enum Cause: Hashable, Sendable {
        /// A file is missing or damaged.
        case data
        /// The system refuses the memory.
        case resources
    }

    /// By its cause.
    public var exitCode: ExitCode { cause == .resources ? .resources : .data }
    /// The sentence.
    public let description: String
    /// What kind of thing went wrong.
    public let cause: Cause

    /// A sentence with a next step.
    public init(_ description: String, cause: Cause = .data) {
        self.description = description
        self.cause = cause
    }
}
