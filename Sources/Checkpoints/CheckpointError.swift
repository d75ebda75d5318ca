import Failures

/// What is wrong with a checkpoint; the description is a sentence that names the file and the next step.
public struct CheckpointError: ExplainedError, Hashable {
    /// The kind of problem.
    public let problem: CheckpointProblem
    /// What cannot be written is another thing than what cannot be read.
    public var exitCode: ExitCode { problem == .unwritable ? .output : .checkpoint }
    /// The sentence.
    public let description: String

    /// An error with its sentence, which names the file and the next step.
    init(_ problem: CheckpointProblem, _ description: String) {
        self.problem = problem
        self.description = description
    }

    /// A file whose bytes are wrong; `what` follows "because".
    static func damaged(_ path: String, because what: String) -> CheckpointError {
        CheckpointError(
            .damaged,
            "\(path) is damaged, because \(what). Copy the file again from its origin or use an earlier checkpoint.")
    }
}

/// What kind of thing went wrong with a checkpoint, for a program to act on; the person reads the error's sentence.
public enum CheckpointProblem: String, Sendable, Hashable {
    /// There is no such file or directory, or the checkpoint lacks an entry.
    case missing
    /// The file or directory exists and cannot be read.
    case unreadable
    /// The file exists and this user may not read it.
    case forbidden
    /// The bytes are not those of a whole, unchanged checkpoint.
    case damaged
    /// The file is whole and of a kind this program does not read.
    case unsupported
    /// The file is whole, and no network can work with the numbers in it.
    case unusable
    /// The checkpoint does not fit the network or the optimiser.
    case mismatched
    /// The new checkpoint could not be brought to disk; earlier files are as they were.
    case unwritable
}
