/// The optimisers there are; the raw value is the name on the command line and in plans.
public enum OptimizerKind: String, Codable, Sendable, CaseIterable {
    /// Stochastic gradient descent with momentum.
    case sgd
    /// Adam; weight decay is added to the gradient.
    case adam
    /// Adam with decoupled weight decay.
    case adamw
    /// Momentum descent whose step in every weight tensor is in proportion to that tensor's norm.
    case lars
}
