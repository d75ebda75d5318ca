/// Where a run stands: everything a resumed run needs besides tensors.
public struct RunPosition: Codable, Sendable, Equatable {
    /// Finished steps since the start of training.
    public var step = 0
    /// The steps of one epoch.
    public var stepsPerEpoch: Int
    /// Sums over the current epoch's finished steps.
    public var epochTotals = EpochTotals()

    /// The start of a run.
    public init(stepsPerEpoch: Int) {
        self.stepsPerEpoch = stepsPerEpoch
    }

    /// The epoch of the next step, from 0.
    public var epoch: Int { step / stepsPerEpoch }
    /// Finished steps of that epoch.
    public var stepInEpoch: Int { step % stepsPerEpoch }
}
