import Tensors

/// Stochastic gradient descent with momentum, as PyTorch defines it; λ is the weight decay.
///
///     g ← g + λ p
///     v ← μ v + g
///     p ← p − rate · (g + μ v)        Nesterov
///     p ← p − rate · v                otherwise
///
/// The learning rate is outside the velocity, so a change of rate needs no correction of the momentum. With μ = 0 there
/// is no velocity and no slot.
public struct StochasticGradientDescent: UpdateRule {
    /// The share μ of the last velocity that is kept, in [0, 1); 0 is plain descent.
    public var momentum: Double
    /// Whether to look ahead along the velocity (Nesterov) when there is momentum.
    public var nesterov: Bool

    /// Descent with those settings.
    public init(momentum: Double = 0.9, nesterov: Bool = true) {
        self.momentum = momentum
        self.nesterov = nesterov
    }

    /// `sgd`.
    public var kind: OptimizerKind { .sgd }

    /// `momentum` and `nesterov`.
    public static let settings: [OptimizerSetting] = [
        .number("momentum", \Self.momentum, .fraction(example: "0.9"), help: "share of the velocity that is kept"),
        .toggle("nesterov", \Self.nesterov, help: "Nesterov's form of momentum"),
    ]

    /// `momentum`: the velocity v; none when μ is 0.
    public var slotNames: [String] { momentum == 0 ? [] : ["momentum"] }

    /// One step of descent.
    public func update(_ pass: UpdatePass) {
        pass.descend(momentum: momentum, nesterov: nesterov, velocity: momentum == 0 ? nil : pass.slot(0))
    }
}

/// Layer-wise adaptive rate scaling (You, Gitman and Ginsburg, 2017): momentum descent for very large batches.
///
/// It is `StochasticGradientDescent` along the gradient ratio · (g + λ p) with ratio = η ‖p‖ / (‖g‖ + λ ‖p‖) for each
/// weight tensor. Biases and batch normalisation's γ and β have ratio 1: the rate alone. So has a tensor whose ratio is
/// not defined, its weights or its gradient being zero. The rate is outside the velocity; the paper has it inside, which
/// is the same as long as the rate does not change.
public struct LARS: UpdateRule {
    /// The share μ of the last velocity that is kept, in [0, 1).
    public var momentum: Double
    /// Whether to look ahead along the velocity (Nesterov).
    public var nesterov: Bool
    /// The trust coefficient η, positive: a step moves a weight tensor by about rate · η of its norm.
    public var trustCoefficient: Double

    /// Scaling with those settings.
    public init(momentum: Double = 0.9, nesterov: Bool = false, trustCoefficient: Double = 0.001) {
        self.momentum = momentum
        self.nesterov = nesterov
        self.trustCoefficient = trustCoefficient
    }

    /// `lars`.
    public var kind: OptimizerKind { .lars }

    /// `momentum`, `nesterov` and `trustCoefficient`.
    public static let settings: [OptimizerSetting] = [
        .number("momentum", \Self.momentum, .fraction(example: "0.9"), help: "share of the velocity that is kept"),
        .toggle("nesterov", \Self.nesterov, help: "Nesterov's form of momentum"),
        .number(
            "trustCoefficient", \Self.trustCoefficient, .positive(example: "1e-3"),
            help: "share of its norm that a weight tensor moves by at a rate of 1"),
    ]

    /// `momentum`: the velocity v.
    public var slotNames: [String] { ["momentum"] }

    /// Norms are those of single tensors.
    public var takesTensorsAlone: Bool { true }

    /// The ratio of every tensor.
    public func gradientScales(of runs: [TrainableRun], in store: ParameterStore, pool: WorkerPool) -> [Float] {
        let weights = Set(store.table.parameters.filter { $0.role == .weight }.map(\.range.lowerBound))
        let norms = TensorNorms(of: runs.map { weights.contains($0.range.lowerBound) ? $0.range : 0..<0 })
        let values = norms.evaluate(store.values, pool: pool)
        let gradients = norms.evaluate(store.gradients, pool: pool)
        return runs.indices.map {
            ratio(values: values[$0], gradients: gradients[$0], weightDecay: runs[$0].weightDecay)
        }
    }

    private func ratio(values: Double, gradients: Double, weightDecay: Double) -> Float {
        guard values > 0, gradients > 0 else { return 1 }
        return Float(trustCoefficient * values / (gradients + weightDecay * values))
    }

    /// One step of descent.
    public func update(_ pass: UpdatePass) {
        pass.descend(momentum: momentum, nesterov: nesterov, velocity: pass.slot(0))
    }
}

extension UpdatePass {
    /// Momentum descent, or plain descent without a velocity.
    fileprivate func descend(momentum: Double, nesterov: Bool, velocity: SlotElements?) {
        let minusRate = SIMD8(repeating: -learningRate)
        let decay = SIMD8(repeating: Float(weightDecay))
        let scale = SIMD8(repeating: gradientScale)
        guard let velocity else {
            return forEachVector { value, gradient, _ in
                value.addingProduct(minusRate, scale * gradient.addingProduct(decay, value))
            }
        }
        let mu = SIMD8(repeating: Float(momentum))
        // The direction is kept · g + ahead · v, so that both forms share one loop: Nesterov has (1, μ), plain (0, 1).
        let kept = SIMD8<Float>(repeating: nesterov ? 1 : 0)
        let ahead = SIMD8(repeating: nesterov ? Float(momentum) : 1)
        forEachVector { value, gradient, offset in
            let gradient = scale * gradient.addingProduct(decay, value)
            let speed = gradient.addingProduct(mu, velocity[offset])
            velocity[offset] = speed
            return value.addingProduct(minusRate, (kept * gradient).addingProduct(ahead, speed))
        }
    }
}
