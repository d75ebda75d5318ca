import Tensors

/// Moves the trainable parameters of one `ParameterStore` against their gradients.
///
/// An optimiser reads `store.gradients`, writes `store.values`, and keeps its own state in flat blocks laid out like
/// them. Running statistics are left alone. Its results depend on the values, the gradients, its state and the learning
/// rate alone: the same bits on every rank and on every machine.
public protocol Optimizer: AnyObject {
    /// The kind's name, as plans and checkpoints write it: `sgd`, `adam`, `adamw` or `lars`.
    var name: String { get }

    /// The state that a checkpoint must hold beside `stepCount`, in a fixed order; empty when there is none.
    var slots: [OptimizerSlot] { get }

    /// The number of steps taken so far; set it, with the slots, to go on from a checkpoint.
    var stepCount: Int { get set }

    /// Takes one step along `store.gradients`, the gradient of the mean loss over the global batch; the workers of `pool`
    /// share the elements.
    func step(learningRate: Float, pool: WorkerPool)
}

extension Optimizer {
    /// Takes one step in the caller's thread.
    public func step(learningRate: Float) {
        step(learningRate: learningRate, pool: WorkerPool())
    }
}
