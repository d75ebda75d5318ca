import Failures

/// The system refuses memory or a thread; the description names the limit that stands in the way and the next step.
public struct ResourceError: ExplainedError, Hashable {
    /// Its own.
    public var exitCode: ExitCode { .resources }
    /// The sentence.
    public let description: String

    /// So many bytes were refused.
    init(memory bytes: Int, limits: SystemLimits = SystemLimits()) {
        description =
            "The system refuses another \(SystemLimits.megabytes(bytes)) of memory: \(limits.onMemory). Raise that limit, or "
            + "use a smaller --global-batch, fewer --threads, train's --accumulate or more ranks."
    }

    /// A thread of that name was refused.
    init(thread name: String, limits: SystemLimits = SystemLimits()) {
        description =
            "The system refuses to start the thread '\(name)': \(limits.onThreads). Raise that limit, or use fewer --threads "
            + "or fewer ranks on this host."
    }
}
