import Failures

/// A command line that cannot be followed. Its description is one sentence and the next step, ready to be shown.
public struct UsageError: ExplainedError, Hashable {
    /// Its own.
    public var exitCode: ExitCode { .usage }
    /// Every rank has the same command line.
    public var isShared: Bool { true }
    /// The sentence.
    public let description: String

    /// An error with its sentence.
    public init(_ description: String) {
        self.description = description
    }

    /// An error about a command, with a pointer to its help page after the sentence.
    init(_ sentence: String, helpOf command: [String], for purpose: String = "") {
        description = "\(sentence) Run '\(command.joined(separator: " ")) --help'\(purpose)."
    }
}
