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
        switch configuration.kind {
        case .sgd:
            let total = gradient + decay * value
            velocity = configuration.momentum * velocity + total
            value -= rate * (configuration.nesterov ? total + configuration.momentum * velocity : velocity)
        case .lars:
            let total = trustRatio * (gradient + decay * value)
            velocity = configuration.momentum * velocity + total
            value -= rate * (configuration.nesterov ? total + configuration.momentum * velocity : velocity)
        case .adam:
            value -= rate * adamDirection(gradient + decay * value)
        case .adamw:
            value -= rate * decay * value
            value -= rate * adamDirection(gradient)
        }
    }

    private mutating func adamDirection(_ gradient: Double) -> Double {
        powerOfBeta1 *= configuration.beta1
        powerOfBeta2 *= configuration.beta2
        mean = configuration.beta1 * mean + (1 - configuration.beta1) * gradient
        square = configuration.beta2 * square + (1 - configuration.beta2) * gradient * gradient
        return (mean / (1 - powerOfBeta1)) / ((square / (1 - powerOfBeta2)).squareRoot() + configuration.epsilon)
    }
}
