/// Whose samples batch normalisation normalises by.
public enum NormalizationMode: String, Sendable, Codable, CaseIterable {
    /// The global batch's: R ranks compute what one rank computes.
    case synchronized
    /// Each rank's own; the running statistics are averaged over the ranks every step.
    case local
}
