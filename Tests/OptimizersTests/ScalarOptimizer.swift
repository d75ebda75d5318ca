import Optimizers
import Tensors

/// The textbook formulas for one element in `Double`, written apart from the library's loops.
struct ScalarOptimizer {
    let configuration: OptimizerConfiguration
    var value: Double
    /// What LARS multiplies the direction by; it depends on the whole tensor.
    var trustRatio = 1.0
    private var velocity = 0.0
    private var mean = 0.0
    private var square = 0.0
    private var powerOfBeta1 = 1.0
    private var powerOfBeta2 = 1.0

    init(_ configuration: OptimizerConfiguration, value: Float) {
        self.configuration = configuration
        self.value = Double(value)
    }

    mutating func step(gradient: Float, rate: Double, decays: Bool) {
        let decay = decays ? configuration.weightDecay : 0
        let gradient = Double(gradient)
        switch configuration.rule {
        case let rule as StochasticGradientDescent:
            descend(gradient + decay * value, rate, momentum: rule.momentum, nesterov: rule.nesterov)
        case let rule as LARS:
            descend(
                trustRatio * (gradient + decay * value), rate, momentum: rule.momentum, nesterov: rule.nesterov)
        case let rule as Adam where rule.isDecoupled:
            value -= rate * decay * value
            value -= rate * direction(gradient, rule)
        case let rule as Adam:
            value -= rate * direction(gradient + decay * value, rule)
        default:
            preconditionFailure("\(configuration.kind) has no formula here")
        }
    }

    private mutating func descend(_ gradient: Double, _ rate: Double, momentum: Double, nesterov: Bool) {
        velocity = momentum * velocity + gradient
        value -= rate * (nesterov ? gradient + momentum * velocity : velocity)
    }

    private mutating func direction(_ gradient: Double, _ adam: Adam) -> Double {
        powerOfBeta1 *= adam.beta1
        powerOfBeta2 *= adam.beta2
        mean = adam.beta1 * mean + (1 - adam.beta1) * gradient
        square = adam.beta2 * square + (1 - adam.beta2) * gradient * gradient
        return (mean / (1 - powerOfBeta1)) / ((square / (1 - powerOfBeta2)).squareRoot() + adam.epsilon)
    }
}
