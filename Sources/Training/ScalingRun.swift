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
