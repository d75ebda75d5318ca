import Tensors

/// Which optimiser to use and its settings. Each kind reads the settings that concern it and ignores the others.
///
/// The defaults are those of the article's recipe (Keras' Adam) and, for `sgd`, Nesterov momentum 0.9.
public struct OptimizerConfiguration: Codable, Sendable, Equatable {
    /// The optimiser.
    public var kind: OptimizerKind
    /// `sgd`, `lars`: the share μ of the last velocity that is kept, in [0, 1); 0 is plain descent.
    public var momentum: Double
    /// `sgd`, `lars`: whether to look ahead along the velocity (Nesterov) when there is momentum.
    public var nesterov: Bool
    /// `adam`, `adamw`: the decay of the mean of gradients, in [0, 1).
    public var beta1: Double
    /// `adam`, `adamw`: the decay of the mean of squared gradients, in [0, 1).
    public var beta2: Double
    /// `adam`, `adamw`: added to the root of the second moment; positive.
    public var epsilon: Double
    /// The weight decay, at least 0; applies to weights only, never to biases or batch normalisation.
    public var weightDecay: Double
    /// `lars`: the trust coefficient η, positive: a step moves a weight tensor by about rate · η of its norm.
    public var trustCoefficient: Double

    /// A configuration; every setting left out has its default. Nesterov's is on, but off for `lars`.
    public init(
        kind: OptimizerKind = .adam, momentum: Double = 0.9, nesterov: Bool? = nil, beta1: Double = 0.9,
        beta2: Double = 0.999, epsilon: Double = 1e-7, weightDecay: Double = 0, trustCoefficient: Double = 0.001
    ) {
        self.kind = kind
        self.momentum = momentum
        self.nesterov = nesterov ?? (kind != .lars)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.trustCoefficient = trustCoefficient
    }

    /// Reads a configuration; one that was written before there was a trust coefficient gets the default.
    public init(from decoder: any Decoder) throws {
        let stored = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            kind: try stored.decode(OptimizerKind.self, forKey: .kind),
            momentum: try stored.decode(Double.self, forKey: .momentum),
            nesterov: try stored.decode(Bool.self, forKey: .nesterov),
            beta1: try stored.decode(Double.self, forKey: .beta1),
            beta2: try stored.decode(Double.self, forKey: .beta2),
            epsilon: try stored.decode(Double.self, forKey: .epsilon),
            weightDecay: try stored.decode(Double.self, forKey: .weightDecay))
        if let trust = try stored.decodeIfPresent(Double.self, forKey: .trustCoefficient) { trustCoefficient = trust }
    }

    /// Checks every setting, whatever the kind.
    ///
    /// - Throws: `OptimizerError` for the first setting outside its range.
    public func validate() throws(OptimizerError) {
        try Self.requireFraction(momentum, "the momentum", example: "0.9")
        try Self.requireFraction(beta1, "Adam's beta1", example: "0.9")
        try Self.requireFraction(beta2, "Adam's beta2", example: "0.999")
        // Below Float's smallest normal number epsilon would vanish, and 0 / 0 with it.
        guard epsilon.isFinite, Float(epsilon) >= Float.leastNormalMagnitude else {
            throw OptimizerError("Adam's epsilon", is: epsilon, choose: "a positive number such as 1e-7")
        }
        guard weightDecay.isFinite, weightDecay >= 0 else {
            throw OptimizerError("the weight decay", is: weightDecay, choose: "0 for none, or a number such as 5e-4")
        }
        guard trustCoefficient > 0, Float(trustCoefficient).isFinite else {
            throw OptimizerError(
                "the trust coefficient", is: trustCoefficient, choose: "a positive number such as 1e-3")
        }
    }

    /// An optimiser that acts on `store`, with fresh state.
    ///
    /// - Throws: `OptimizerError` when a setting is outside its range; `ResourceError` when the system refuses the memory
    ///   for its state.
    public func makeOptimizer(for store: ParameterStore) throws -> any Optimizer {
        try validate()
        switch kind {
        case .sgd: return try StochasticGradientDescent(self, store: store)
        case .adam: return try Adam(self, store: store)
        case .adamw: return try AdamW(self, store: store)
        case .lars: return try LARS(self, store: store)
        }
    }

    private static func requireFraction(
        _ value: Double, _ setting: String, example: String
    ) throws(OptimizerError) {
        // As Float, because that is what the loops multiply by: 0.99999999 would become 1.
        guard value >= 0, Float(value) < 1 else {
            throw OptimizerError(setting, is: value, choose: "a number of at least 0 and below 1, such as \(example)")
        }
    }
}
