import Reports

/// What one run of a scaling measurement gave.
public struct ScalingSample: Sendable, Equatable {
    /// The run.
    public let run: ScalingRun
    /// In which round, counted from 1.
    public let round: Int
    /// Images per second of its median step.
    public let imagesPerSecond: Double
    /// Where its median step went, the mean over the ranks.
    public let account: StepAccount
    /// Why the figure is to be mistrusted: threads that had to share cores; nil if each had its own.
    public let warning: String?

    /// A sample.
    public init(run: ScalingRun, round: Int, imagesPerSecond: Double, account: StepAccount, warning: String?) {
        self.run = run
        self.round = round
        self.imagesPerSecond = imagesPerSecond
        self.account = account
        self.warning = warning
    }
}

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
