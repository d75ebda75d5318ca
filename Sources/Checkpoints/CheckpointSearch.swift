/// What a search for the newest usable checkpoint found.
public struct CheckpointSearch: Sendable {
    /// Where the newest valid checkpoint lies; nil when there is none.
    public let location: CheckpointLocation?
    /// Its content; nil when there is none.
    public let checkpoint: Checkpoint?
    /// Why newer files were passed over, newest first; each sentence names its file.
    public let skipped: [CheckpointError]
}
