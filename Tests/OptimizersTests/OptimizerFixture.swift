import Optimizers
import Tensors

/// A small store with every role in it, odd sizes, and a statistic between trainable neighbours.
struct OptimizerFixture {
    let store: ParameterStore

    init() throws {
        var table = ParameterTable()
        table.declare("units.0.bn.weight", [3], role: .scale)
        table.declare("units.0.bn.bias", [3], role: .shift)
        table.declare("units.0.bn.running_mean", [3], role: .statistic)
        table.declare("units.0.conv.weight", [3, 3, 3, 5], role: .weight, layout: .convolution)
        table.declare("classifier.weight", [7, 5], role: .weight)
        table.declare("classifier.bias", [7], role: .bias)
        store = try ParameterStore(table: table, subtreeCount: 2)
        for index in 0..<table.parameters.count { fill(table.parameters[index], store.values, sample: index) }
    }

    /// New gradients for one step, statistics included, over several orders of magnitude.
    func drawGradients(step: Int) {
        for (index, parameter) in store.table.parameters.enumerated() {
            fill(parameter, store.gradients, sample: 1000 * (step + 1) + index)
            for element in parameter.range where element % 3 == 0 { store.gradients.pointer[element] *= 1e-4 }
        }
    }

    /// Whether a flat position lies in a parameter, and not in the padding.
    func parameter(at element: Int) -> Parameter? {
        store.table.parameters.first { $0.range.contains(element) }
    }

    /// LARS's ratio η‖w‖ / (‖g‖ + λ‖w‖) for the elements of every weight tensor, from sums in the plain order.
    func setTrustRatios(_ elements: inout [ScalarOptimizer]) {
        for parameter in store.table.parameters where parameter.role == .weight {
            let values = parameter.range.reduce(0) { $0 + elements[$1].value * elements[$1].value }.squareRoot()
            let gradients = parameter.range.reduce(0) {
                $0 + Double(store.gradients.pointer[$1]) * Double(store.gradients.pointer[$1])
            }.squareRoot()
            let settings = elements[parameter.range.lowerBound].configuration
            guard let rule = settings.rule as? LARS else { continue }
            let ratio = rule.trustCoefficient * values / (gradients + settings.weightDecay * values)
            for element in parameter.range { elements[element].trustRatio = ratio }
        }
    }

    private func fill(_ parameter: Parameter, _ block: Tensor, sample: Int) {
        var stream = RandomStream(seed: 7, purpose: .initialization, sample: sample)
        for element in parameter.range { block.pointer[element] = stream.normal() }
    }
}
