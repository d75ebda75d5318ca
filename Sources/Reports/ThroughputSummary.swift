/// What a benchmark reports about its counted steps.
public struct ThroughputSummary: Hashable, Sendable {
    /// The global batch over the median step time; the mean of the two middle times for an even number of steps.
    public let imagesPerSecond: Double
    /// The global batch over the shortest step time.
    public let bestImagesPerSecond: Double

    /// Summarises steps of one batch size.
    /// - Returns: nil without steps, or when a time is not a positive finite number.
    public init?(globalBatch: Int, stepSeconds: [Double]) {
        guard let best = stepSeconds.min(), stepSeconds.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        imagesPerSecond = Double(globalBatch) / stepSeconds.median
        bestImagesPerSecond = Double(globalBatch) / best
    }
}
