import Tensors

/// Adam (Kingma and Ba, 2015) with bias-corrected moments; ε is added to √v̂, as in PyTorch.
///
/// Keras adds ε to √v before the correction, so its ε weighs 1 / √(1 − β₂ᵗ) times as much: 32 times in the first step,
/// the same later. Weight decay is L2 regularisation: it is added to the gradient of weights, and so passes through the
/// moments; `AdamW` decouples it.
public final class Adam: Optimizer {
    /// `adam`.
    public let name = OptimizerKind.adam.rawValue
    /// The number of steps taken, which the bias corrections depend on.
    public var stepCount = 0

    private let store: ParameterStore
    private let runs: [TrainableRun]
    private let moments: AdamMoments

    init(_ configuration: OptimizerConfiguration, store: ParameterStore) throws(ResourceError) {
        self.store = store
        runs = TrainableRun.runs(of: store.table, weightDecay: configuration.weightDecay)
        moments = try AdamMoments(configuration, table: store.table)
    }

    /// `first_moment` and `second_moment`: the means of gradients and of squared gradients, before bias correction.
    public var slots: [OptimizerSlot] { [moments.first, moments.second] }

    /// Takes one step along `store.gradients`.
    public func step(learningRate: Float, pool: WorkerPool) {
        stepCount += 1
        pool.run { share in
            for run in runs.map({ $0.part(share) }) {
                moments.update(
                    run.range, of: store, step: stepCount, learningRate: learningRate,
                    coupledDecay: Float(run.weightDecay), shrink: 1)
            }
        }
    }
}
