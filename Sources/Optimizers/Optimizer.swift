import Tensors

/// Moves the trainable parameters of one `ParameterStore` against their gradients, by an update rule.
///
/// It reads `store.gradients`, writes `store.values`, and keeps its own state in flat blocks laid out like them. Running
/// statistics and parameters that are not trained in a step are left alone, and so is their state. What it does depends on
/// the values, the gradients, its state and the learning rate alone: the same bits on every rank and on every machine.
public final class Optimizer {
    /// The state that a checkpoint must hold beside `stepCount`, in a fixed order; empty when there is none.
    public let slots: [OptimizerSlot]
    /// The number of steps taken so far; set it, with the slots, to go on from a checkpoint.
    public var stepCount = 0

    private let rule: any UpdateRule
    private let store: ParameterStore
    private let runs: [TrainableRun]

    /// An optimiser that acts on `store`, with fresh state.
    ///
    /// - Throws: `OptimizerError` when a setting is outside its range; `ResourceError` when the system refuses the memory
    ///   for its state.
    public init(_ configuration: OptimizerConfiguration, for store: ParameterStore) throws {
        try configuration.validate()
        rule = configuration.rule
        self.store = store
        runs = TrainableRun.runs(
            of: store.table, weightDecay: configuration.weightDecay, isMerging: !rule.takesTensorsAlone)
        slots = try rule.slotNames.map { try OptimizerSlot(name: $0, table: store.table) }
    }

    /// Takes one step along `store.gradients`, the gradient of the mean loss over the global batch; the workers of `pool`
    /// share the elements.
    public func step(learningRate: Float, pool: WorkerPool) {
        let trained = runs.filter { $0.trainedSteps.contains(stepCount) }
        let scales = rule.gradientScales(of: trained, in: store, pool: pool)
        pool.run { share in
            for (run, scale) in zip(trained, scales) {
                rule.update(
                    UpdatePass(
                        run.part(share), of: store, slots, step: stepCount, learningRate: learningRate,
                        gradientScale: scale))
            }
        }
        stepCount += 1
    }

    /// Takes one step in the caller's thread.
    public func step(learningRate: Float) {
        step(learningRate: learningRate, pool: WorkerPool())
    }
}

/// One named block of an optimiser's state, laid out like the parameters it belongs to.
public struct OptimizerSlot: Sendable {
    /// The name by which checkpoints know it, as `momentum`; it holds no dot.
    public let name: String
    /// One number for each element of the parameters' flat block; zeros before the first step.
    public let block: Tensor

    /// A slot of zeros for parameters in `table`.
    init(name: String, table: ParameterTable) throws(ResourceError) {
        self.name = name
        block = try Tensor(allocating: [table.blockCount])
    }
}
