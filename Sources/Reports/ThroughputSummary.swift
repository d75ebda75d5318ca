/// What a benchmark reports about its counted steps.
public struct ThroughputSummary: Hashable, Sendable {
    /// The global batch over the median step time; the mean of the two middle times for an even number of steps.
    public let imagesPerSecond: Double
    /// The global batch over the shortest step time.
    public let bestImagesPerSecond: Double

    /// Summarises steps of one batch size.
    /// - Returns: nil without steps, or when a time is not a positive finite number.
    public init?(globalBatch: Int, stepSeconds: [Double]) {
        let times = stepSeconds.sorted()
        guard let best = times.first, times.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        let median = (times[times.count / 2] + times[(times.count - 1) / 2]) / 2
        imagesPerSecond = Double(globalBatch) / median
        bestImagesPerSecond = Double(globalBatch) / best
    }
}
