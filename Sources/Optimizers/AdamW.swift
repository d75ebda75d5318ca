import Tensors

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019), as PyTorch defines it.
///
/// Before Adam's own step every weight shrinks by the factor 1 − rate · weightDecay; the gradient and the moments know
/// nothing of the decay.
public final class AdamW: Optimizer {
    /// `adamw`.
    public let name = OptimizerKind.adamw.rawValue
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
                    run.range, of: store, step: stepCount, learningRate: learningRate, coupledDecay: 0,
                    shrink: Float(1 - Double(learningRate) * run.weightDecay))
            }
        }
    }
}
