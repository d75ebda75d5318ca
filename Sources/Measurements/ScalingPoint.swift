/// What stays the same while cores are added.
public enum ScalingMode: String, Sendable, CaseIterable, Codable {
    /// The global batch, so that each rank has less to do.
    case strong
    /// The batch of each rank, so that all together do more.
    case weak
}

/// One job of a scaling measurement; strong and weak scaling share those that they have in common.
public struct ScalingRun: Sendable, Hashable {
    /// Its ranks and threads.
    public let layout: RankLayout
    /// Images in a step, over all ranks.
    public let globalBatch: Int

    /// A run.
    public init(layout: RankLayout, globalBatch: Int) {
        self.layout = layout
        self.globalBatch = globalBatch
    }
}

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
