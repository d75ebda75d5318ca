/// How the command ends; documented in `lockstep --help`.
public enum ExitCode: Int32, Sendable, CaseIterable, Codable {
    /// Done.
    case success = 0
    /// A failure that is Lockstep's own.
    case internalFailure = 1
    /// A wrong option, or options that cannot go together.
    case usage = 2
    /// Data missing or damaged.
    case data = 3
    /// A checkpoint missing, damaged or of another network.
    case checkpoint = 4
    /// Output that cannot be written, or that is another run's or another process's.
    case output = 5
    /// Communication between ranks failed.
    case communication = 6
    /// Ranks disagree about the build, the plan or the data.
    case disagreement = 7
    /// Training or its state has left the finite numbers.
    case diverged = 8
    /// The processor lacks instructions that the program was built with.
    case processor = 9
    /// Two checkpoints that were compared differ.
    case different = 10
    /// A signal asked the run to stop; its checkpoint is written.
    case interrupted = 11
    /// A rank gives no sign of life.
    case stalled = 12
    /// The ranks no longer hold the same state.
    case replicasDiffer = 13
    /// The system refuses memory or threads.
    case resources = 14
}
