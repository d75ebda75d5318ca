/// An error that can be shown to a person and to a script: its description is a sentence with a next step.
///
/// Each module's errors conform, so that nobody needs to know all modules to end a process rightly.
public protocol ExplainedError: Error, Sendable, CustomStringConvertible {
    /// The code that a process ends with because of it.
    var exitCode: ExitCode { get }
    /// Whether every rank throws it, so that rank 0 can speak for all and the ranks can part in order.
    var isShared: Bool { get }
}

extension ExplainedError {
    /// An error of one rank, unless an error says otherwise.
    public var isShared: Bool { false }
}

/// Why a run ends early: one sentence for a person and an exit code for a script.
public struct RunFailure: ExplainedError, Equatable, Codable {
    /// The code the process ends with.
    public let exitCode: ExitCode
    /// What is wrong and what to do.
    public let description: String
    /// Whether every rank throws it, so that rank 0 can speak for all and the ranks can part in order.
    public let isShared: Bool

    /// A failure with its sentence.
    public init(_ exitCode: ExitCode, _ description: String, isShared: Bool = false) {
        self.exitCode = exitCode
        self.description = description
        self.isShared = isShared
    }

    /// Any error as a failure; one that does not explain itself is Lockstep's own fault.
    public init(_ error: any Error) {
        if let error = error as? any ExplainedError {
            self.init(error.exitCode, error.description, isShared: error.isShared)
        } else {
            self.init(.internalFailure, "Unexpected: \(error). Please report this with the command you ran.")
        }
    }

    /// The same failure as every rank's, said of a place such as `Rank 3 on node7: ` where it is not everybody's own.
    public func shared(by place: String = "") -> RunFailure {
        RunFailure(exitCode, place + description, isShared: true)
    }
}
