import Reports

/// A point of a scaling curve with what all rounds gave for it.
public struct ScalingResult: Sendable, Equatable {
    /// The point.
    public let point: ScalingPoint
    /// Images per second of each round, in the order of the rounds; at least one.
    public let rates: [Double]
    /// The median of each phase of a step over the rounds.
    public let account: StepAccount
    /// The median rate over the cores' number times the rate of one rank of one thread on the same curve, which is 1
    /// where every core does as much as one alone; nil if that was not measured.
    public let efficiency: Double?
    /// The first warning of its runs; nil if every thread had a core of its own in all of them.
    public let warning: String?

    /// Images per second, the median over the rounds.
    public var median: Double { rates.median }

    /// The slowest and the fastest round.
    public var spread: ClosedRange<Double> { (rates.min() ?? .nan)...(rates.max() ?? .nan) }

    /// A result from the samples of a point's run, of which there is at least one.
    init(_ point: ScalingPoint, _ samples: [ScalingSample], reference: Double?) {
        self.point = point
        rates = samples.sorted { $0.round < $1.round }.map(\.imagesPerSecond)
        account = StepAccount.median(of: samples.map(\.account))
        warning = samples.compactMap(\.warning).first
        let median = rates.median
        efficiency = reference.map { median / (Double(point.run.layout.cores) * $0) }
    }
}
