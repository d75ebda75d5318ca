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
