import Checkpoints
import Collectives
import Datasets
import Layers
import Optimizers
import Reports
import Tensors

/// Why a run ends early: one sentence for a person and an exit code for a script.
public struct RunFailure: Error, Sendable, Equatable, CustomStringConvertible {
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

    /// Any error as a failure, its code by the module it comes from.
    public init(_ error: any Error) {
        switch error {
        case let failure as RunFailure: self = failure
        case let error as ArchitectureError: self.init(.usage, error.description)
        case let error as OptimizerError: self.init(.usage, error.description)
        case let error as DatasetError:
            self.init(error.cause == .resources ? .resources : .data, error.description)
        case let error as ResourceError: self.init(.resources, error.description)
        case let error as CheckpointError:
            self.init(error.problem == .unwritable ? .output : .checkpoint, error.description)
        case let error as Divergence: self.init(.diverged, error.description, isShared: true)
        case let error as ReportError: self.init(.output, error.description)
        case let error as CommunicationError:
            self.init(error.cause == .stall ? .stalled : .communication, error.description)
        default: self.init(.internalFailure, "Unexpected: \(error). Please report this with the command you ran.")
        }
    }
}
