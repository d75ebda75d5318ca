/// In which order the sums over ranks are taken.
public enum ReductionOrder: String, Sendable, Codable, CaseIterable {
    /// By the fixed tree of granules: the same bits on any number of ranks.
    case ordered
    /// As the transport likes: the same mathematics, less to send when ranks hold several subtrees, and last bits that
    /// depend on the number of ranks.
    case fast
}
