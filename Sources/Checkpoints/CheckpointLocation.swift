/// A checkpoint file in a run directory, by its name alone.
public struct CheckpointLocation: Sendable, Hashable {
    /// The global step in its name.
    public let step: Int
    /// Its path.
    public let path: String
}
