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
