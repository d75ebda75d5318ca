import Tensors

/// Layer-wise adaptive rate scaling (You, Gitman and Ginsburg, 2017): momentum descent for very large batches.
///
///     g ← ratio · (g + λ p),  ratio = η ‖p‖ / (‖g‖ + λ ‖p‖)     for each weight tensor, λ its weight decay
///     v ← μ v + g
///     p ← p − rate · v              (Nesterov: p ← p − rate · (g + μ v))
///
/// Biases and batch normalisation's γ and β have ratio 1 and no decay: the rate alone. So has a tensor whose ratio is
/// not defined, its weights or its gradient being zero. The rate is outside the velocity, as in `sgd`; the paper has it
/// inside, which is the same as long as the rate does not change.
public final class LARS: Optimizer {
    /// `lars`.
    public let name = OptimizerKind.lars.rawValue
    /// `momentum`: the velocity v.
    public let slots: [OptimizerSlot]
    /// The number of steps taken; the formulas do not use it.
    public var stepCount = 0

    private let store: ParameterStore
    private let runs: [TrainableRun]
    private let isScaled: [Bool]
    private let norms: TensorNorms
    private let trustCoefficient: Double
    private let momentum: Float
    private let nesterov: Bool

    init(_ configuration: OptimizerConfiguration, store: ParameterStore) throws(ResourceError) {
        self.store = store
        // One run a tensor, in the table's order.
        runs = TrainableRun.runs(of: store.table, weightDecay: configuration.weightDecay, isMerging: false)
        let weights = Set(store.table.parameters.filter { $0.role == .weight }.map(\.range.lowerBound))
        let isScaled = runs.map { weights.contains($0.range.lowerBound) }
        self.isScaled = isScaled
        norms = TensorNorms(of: zip(runs, isScaled).map { $1 ? $0.range : 0..<0 })
        trustCoefficient = configuration.trustCoefficient
        momentum = Float(configuration.momentum)
        nesterov = configuration.nesterov
        slots = [try OptimizerSlot(name: "momentum", table: store.table)]
    }

    /// Takes one step along `store.gradients`.
    public func step(learningRate: Float, pool: WorkerPool) {
        stepCount += 1
        let values = norms.evaluate(store.values, pool: pool)
        let gradients = norms.evaluate(store.gradients, pool: pool)
        let ratios = runs.indices.map { trustRatio($0, valueNorm: values[$0], gradientNorm: gradients[$0]) }
        pool.run { share in
            for (run, ratio) in zip(runs, ratios) { update(run.part(share), ratio: ratio, learningRate: learningRate) }
        }
    }

    private func trustRatio(_ run: Int, valueNorm: Double, gradientNorm: Double) -> Float {
        guard isScaled[run], valueNorm > 0, gradientNorm > 0 else { return 1 }
        return Float(trustCoefficient * valueNorm / (gradientNorm + runs[run].weightDecay * valueNorm))
    }

    /// One pass over a run. p, g and v are flat blocks; a run is a multiple of 16 elements on a cache line.
    private func update(_ run: TrainableRun, ratio: Float, learningRate: Float) {
        let p = UnsafeMutableRawPointer(store.values.pointer + run.range.lowerBound)
        let g = UnsafeRawPointer(store.gradients.pointer + run.range.lowerBound)
        let v = UnsafeMutableRawPointer(slots[0].block.pointer + run.range.lowerBound)
        let minusRate = SIMD8<Float>(repeating: -learningRate)
        let decay = SIMD8<Float>(repeating: Float(run.weightDecay))
        let scale = SIMD8<Float>(repeating: ratio)
        let mu = SIMD8<Float>(repeating: momentum)
        // The direction is kept · g + ahead · v, so that both rules share one loop: Nesterov has (1, μ), plain (0, 1).
        let kept = SIMD8<Float>(repeating: nesterov ? 1 : 0)
        let ahead = SIMD8<Float>(repeating: nesterov ? momentum : 1)
        for offset in stride(from: 0, to: run.range.count * 4, by: 32) {
            let value = p.load(fromByteOffset: offset, as: SIMD8<Float>.self)
            let gradient = scale * g.load(fromByteOffset: offset, as: SIMD8<Float>.self).addingProduct(decay, value)
            let speed = gradient.addingProduct(mu, v.load(fromByteOffset: offset, as: SIMD8<Float>.self))
            let direction = (kept * gradient).addingProduct(ahead, speed)
            v.storeBytes(of: speed, toByteOffset: offset, as: SIMD8<Float>.self)
            p.storeBytes(of: value.addingProduct(minusRate, direction), toByteOffset: offset, as: SIMD8<Float>.self)
        }
    }
}
