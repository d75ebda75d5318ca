/// What stays the same while cores are added.
public enum ScalingMode: String, Sendable, CaseIterable, Codable {
    /// The global batch, so that each rank has less to do.
    case strong
    /// The batch of each rank, so that all together do more.
    case weak
}
