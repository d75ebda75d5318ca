import Reports

/// The results of a scaling measurement.
public struct ScalingReport: Sendable, Equatable {
    /// One result for each point that was measured, in the order of the plan.
    public let results: [ScalingResult]
    /// Every single measurement, in the order in which they were taken.
    public let samples: [ScalingSample]

    /// The results of a plan's points from samples.
    public init(_ plan: ScalingPlan, _ samples: [ScalingSample]) {
        let byRun = Dictionary(grouping: samples, by: \.run)
        let single = RankLayout(ranks: 1, threads: 1)
        let references = Dictionary(
            plan.points.compactMap { point -> (ScalingMode, Double)? in
                guard point.run.layout == single, let samples = byRun[point.run] else { return nil }
                return (point.mode, samples.map(\.imagesPerSecond).median)
            }, uniquingKeysWith: { first, _ in first })
        results = plan.points.compactMap { point in
            byRun[point.run].map { ScalingResult(point, $0, reference: references[point.mode]) }
        }
        self.samples = samples
    }

    /// The results of one curve.
    public func results(of mode: ScalingMode) -> [ScalingResult] { results.filter { $0.point.mode == mode } }
}
