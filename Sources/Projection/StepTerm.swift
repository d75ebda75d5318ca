/// What the seconds of a projected step are spent on.
package enum StepTerm: String, Codable, Sendable, CaseIterable {
    /// Computing that grows with the images of a rank.
    case images
    /// Computing that each granule of a rank but the first adds.
    case granules
    /// Computing that a rank does whatever its share, such as the transformation and the update of the weights, and that
    /// of one granule.
    case fixedWork = "fixed_work"
    /// The messages of batch normalisation that no computing hides, by their number.
    case statisticsLatency = "statistics_latency"
    /// The messages of batch normalisation that no computing hides, by their bytes.
    case statisticsTransfer = "statistics_transfer"
    /// Gradients that backward does not hide.
    case gradients
    /// The loss, and the waiting times of the ranks.
    case otherMessages = "other_messages"
    /// Waiting for ranks that come later, by jitter or because one is slow; only the simulation knows it.
    case waiting

    /// The term in words.
    package var words: String {
        switch self {
        case .images: "images"
        case .granules: "granules of a rank"
        case .fixedWork: "fixed work of a rank"
        case .statisticsLatency: "latency of batch-norm messages"
        case .statisticsTransfer: "bytes of batch-norm messages"
        case .gradients: "gradients not hidden"
        case .otherMessages: "other messages"
        case .waiting: "waiting for the slowest rank"
        }
    }

    /// Whether more ranks make it smaller where the global batch stays the same.
    package var isShared: Bool { self == .images || self == .granules }
}
