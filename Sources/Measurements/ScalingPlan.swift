import Failures
import Reports
import Training

/// What a scaling measurement runs, and in which order.
public struct ScalingPlan: Sendable, Equatable {
    /// The points, strong scaling first, each curve in the order of the layouts.
    public let points: [ScalingPoint]
    /// How often each run is measured.
    public let rounds: Int

    /// Plans the points of some layouts; a layout that comes twice counts once.
    ///
    /// - Parameters:
    ///   - plan: the network and the granules; its global batch is that of strong scaling.
    ///   - batchPerRank: images of each rank in weak scaling.
    /// - Throws: `RunFailure` naming the first point that cannot run.
    public init(
        _ plan: TrainingPlan, layouts: [RankLayout], modes: [ScalingMode], batchPerRank: Int, rounds: Int
    ) throws(RunFailure) {
        var points: [ScalingPoint] = []
        for mode in ScalingMode.allCases where modes.contains(mode) {
            for layout in layouts {
                let batch = mode == .strong ? plan.globalBatch : batchPerRank * layout.ranks
                let run = ScalingRun(layout: layout, globalBatch: batch)
                try Self.require(run, mode, plan)
                let point = ScalingPoint(mode: mode, run: run)
                if !points.contains(point) { points.append(point) }
            }
        }
        self.points = points
        self.rounds = rounds
    }

    /// The different runs of the points.
    public var runs: [ScalingRun] {
        var known: Set<ScalingRun> = []
        return points.map(\.run).filter { known.insert($0).inserted }
    }

    /// The runs of a round, counted from 0. Every other round goes backwards, so that a machine that grows slower or
    /// faster favours nobody.
    public func runs(inRound round: Int) -> [ScalingRun] { round % 2 == 0 ? runs : runs.reversed() }

    private static func require(_ run: ScalingRun, _ mode: ScalingMode, _ plan: TrainingPlan) throws(RunFailure) {
        let name = "Layout \(run.layout) of \(mode.rawValue) scaling cannot run: "
        guard run.globalBatch % run.layout.ranks == 0 else {
            throw RunFailure(
                .usage,
                name + "a global batch of \(run.globalBatch) images does not divide among "
                    + "\(NumberFormat.counted(run.layout.ranks, "rank")); choose another --global-batch or layout.",
                isShared: true)
        }
        var plan = plan
        plan.globalBatch = run.globalBatch
        do {
            try plan.validate(ranks: run.layout.ranks, threads: run.layout.threads)
        } catch {
            throw RunFailure(.usage, name + RunFailure(error).description, isShared: true)
        }
    }
}
