/// What several repetitions of a measurement gave.
package struct Spread: Codable, Sendable, Equatable {
    /// The smallest value.
    package let minimum: Double
    /// The middle value.
    package let median: Double

    /// A spread of those values.
    package init(minimum: Double, median: Double) {
        self.minimum = minimum
        self.median = median
    }

    /// The spread of at least one value.
    package init(_ values: [Double]) {
        precondition(!values.isEmpty, "a measurement has at least one value")
        self.init(minimum: values.min() ?? .nan, median: values.median)
    }
}

extension Collection<Double> {
    /// The middle value, or the mean of the two in the middle; not a number when there are none.
    package var median: Double {
        guard !isEmpty else { return .nan }
        let sorted = sorted()
        return (sorted[count / 2] + sorted[(count - 1) / 2]) / 2
    }
}

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
