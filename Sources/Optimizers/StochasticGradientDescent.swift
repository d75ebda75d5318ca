import Tensors

/// Stochastic gradient descent with momentum, as PyTorch defines it.
///
///     g ← g + weightDecay · p         (weights only)
///     v ← μ v + g
///     p ← p − rate · (g + μ v)        Nesterov
///     p ← p − rate · v                otherwise
///
/// The learning rate is outside the velocity, so a change of rate needs no correction of the momentum. With μ = 0 there
/// is no velocity and no slot.
public final class StochasticGradientDescent: Optimizer {
    /// `sgd`.
    public let name = OptimizerKind.sgd.rawValue
    /// `momentum`: the velocity v; none when μ is 0.
    public let slots: [OptimizerSlot]
    /// The number of steps taken; the formulas do not use it.
    public var stepCount = 0

    private let store: ParameterStore
    private let runs: [TrainableRun]
    private let momentum: Float
    private let nesterov: Bool

    init(_ configuration: OptimizerConfiguration, store: ParameterStore) throws(ResourceError) {
        self.store = store
        runs = TrainableRun.runs(of: store.table, weightDecay: configuration.weightDecay)
        momentum = Float(configuration.momentum)
        nesterov = configuration.nesterov
        slots = try momentum == 0 ? [] : [OptimizerSlot(name: "momentum", table: store.table)]
    }

    /// Takes one step along `store.gradients`.
    public func step(learningRate: Float, pool: WorkerPool) {
        stepCount += 1
        pool.run { share in
            for run in runs.map({ $0.part(share) }) {
                if let velocity = slots.first?.block {
                    update(run, velocity: velocity, learningRate: learningRate)
                } else {
                    update(run, learningRate: learningRate)
                }
            }
        }
    }

    /// One pass with momentum. p, g and v are flat blocks; a run is a multiple of 16 elements on a cache line.
    private func update(_ run: TrainableRun, velocity: Tensor, learningRate: Float) {
        let p = UnsafeMutableRawPointer(store.values.pointer + run.range.lowerBound)
        let g = UnsafeRawPointer(store.gradients.pointer + run.range.lowerBound)
        let v = UnsafeMutableRawPointer(velocity.pointer + run.range.lowerBound)
        let minusRate = SIMD8<Float>(repeating: -learningRate)
        let decay = SIMD8<Float>(repeating: Float(run.weightDecay))
        let mu = SIMD8<Float>(repeating: momentum)
        // The direction is kept · g + ahead · v, so that both rules share one loop: Nesterov has (1, μ), plain (0, 1).
        let kept = SIMD8<Float>(repeating: nesterov ? 1 : 0)
        let ahead = SIMD8<Float>(repeating: nesterov ? momentum : 1)
        for offset in stride(from: 0, to: run.range.count * 4, by: 32) {
            let value = p.load(fromByteOffset: offset, as: SIMD8<Float>.self)
            let gradient = g.load(fromByteOffset: offset, as: SIMD8<Float>.self).addingProduct(decay, value)
            let speed = gradient.addingProduct(mu, v.load(fromByteOffset: offset, as: SIMD8<Float>.self))
            let direction = (kept * gradient).addingProduct(ahead, speed)
            v.storeBytes(of: speed, toByteOffset: offset, as: SIMD8<Float>.self)
            p.storeBytes(of: value.addingProduct(minusRate, direction), toByteOffset: offset, as: SIMD8<Float>.self)
        }
    }

    /// One pass without momentum.
    private func update(_ run: TrainableRun, learningRate: Float) {
        let p = UnsafeMutableRawPointer(store.values.pointer + run.range.lowerBound)
        let g = UnsafeRawPointer(store.gradients.pointer + run.range.lowerBound)
        let minusRate = SIMD8<Float>(repeating: -learningRate)
        let decay = SIMD8<Float>(repeating: Float(run.weightDecay))
        for offset in stride(from: 0, to: run.range.count * 4, by: 32) {
            let value = p.load(fromByteOffset: offset, as: SIMD8<Float>.self)
            let gradient = g.load(fromByteOffset: offset, as: SIMD8<Float>.self).addingProduct(decay, value)
            p.storeBytes(of: value.addingProduct(minusRate, gradient), toByteOffset: offset, as: SIMD8<Float>.self)
        }
    }
}
