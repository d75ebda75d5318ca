/// One point of a scaling curve.
public struct ScalingPoint: Sendable, Hashable {
    /// The curve.
    public let mode: ScalingMode
    /// What is run for it.
    public let run: ScalingRun

    /// A point.
    public init(mode: ScalingMode, run: ScalingRun) {
        self.mode = mode
        self.run = run
    }
}
