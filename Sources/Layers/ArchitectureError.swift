import Failures

/// A network that cannot be built; the description says what is wrong and what to do.
public struct ArchitectureError: ExplainedError, Equatable {
    /// The options ask for it.
    public var exitCode: ExitCode { .usage }
    /// The sentence.
    public let description: String

    init(_ description: String) { self.description = description }
}
