import Failures

/// The system refuses memory or a thread; the description names the limit that stands in the way and the next step.
public struct ResourceError: ExplainedError, Hashable {
    /// What can be refused.
    public enum Resource: Hashable, Sendable {
        /// Addresses or pages.
        case memory
        /// Another thread.
        case threads
    }

    /// What is refused.
    public let resource: Resource
    /// Its own.
    public var exitCode: ExitCode { .resources }
    /// The sentences.
    public var description: String { "\(refusal). Raise that limit\(alternative.map { ", or \($0)" } ?? "")." }
    private let refusal: String
    private var alternative: String?

    /// So many bytes were refused.
    init(memory bytes: Int, limits: SystemLimits = SystemLimits()) {
        resource = .memory
        refusal = "The system refuses another \(SystemLimits.megabytes(bytes)) of memory: \(limits.onMemory)"
    }

    /// A thread of that name was refused.
    init(thread name: String, limits: SystemLimits = SystemLimits()) {
        resource = .threads
        refusal = "The system refuses to start the thread '\(name)': \(limits.onThreads)"
    }

    /// The same error with something else to do, which only those know who asked: it follows "Raise that limit, or".
    public func offering(_ alternative: String?) -> ResourceError {
        var error = self
        error.alternative = alternative
        return error
    }
}
