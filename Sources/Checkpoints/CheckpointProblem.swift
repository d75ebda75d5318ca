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
