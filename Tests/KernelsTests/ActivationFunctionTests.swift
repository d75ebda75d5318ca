import Foundation
import Kernels
import Testing

@Suite("Functions of single elements")
struct ActivationFunctionTests {
    private static func reference(_ function: ActivationFunction, _ x: Double) -> (value: Double, slope: Double) {
        switch function {
        case .relu: return (max(0, x), x > 0 ? 1 : 0)
        case .gelu:
            let below = 0.5 * erfc(-x / 2.0.squareRoot())
            return (x * below, below + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot())
        case .silu:
            let s = 1 / (1 + exp(-x))
            return (x * s, s + x * s * (1 - s))
        }
    }

    // Guards: value and slope of every function, from the far left to the far right and around zero; counts that fill no
    // vector.
    @Test(arguments: ActivationFunction.allCases)
    func matchesItsDefinition(_ function: ActivationFunction) {
        let inputs =
            stride(from: Float(-30), through: 30, by: 0.037).map { $0 } + [
                -1e30, -200, -100, -0.0, 0, 1e-20, 100, 1e30,
            ]
        var values = [Float](repeating: 0, count: inputs.count)
        var slopes = [Float](repeating: 3, count: inputs.count)
        function.apply(to: inputs, into: &values, count: inputs.count)
        function.multiplySlopes(at: inputs, into: &slopes, count: inputs.count)
        for (index, x) in inputs.enumerated() {
            let expected = Self.reference(function, Double(x))
            let scale = max(1, abs(Double(x)))
            #expect(abs(Double(values[index]) - expected.value) < 3e-7 * scale, "f(\(x))")
            #expect(abs(Double(slopes[index]) / 3 - expected.slope) < 2e-6, "f′(\(x))")
        }
    }

    // Guards: a loss that is no number stays one, so that divergence is seen.
    @Test(arguments: ActivationFunction.allCases)
    func keepsWhatIsNoNumber(_ function: ActivationFunction) {
        var value: Float = 0
        function.apply(to: [Float.nan], into: &value, count: 1)
        #expect(value.isNaN)
    }

    // Guards: the same bits whatever the width of a vector: an element has the same value wherever it lies in a run.
    @Test(arguments: ActivationFunction.allCases)
    func doesNotDependOnThePlace(_ function: ActivationFunction) {
        let inputs = stride(from: Float(-6), through: 6, by: 0.31).map { $0 }
        var together = [Float](repeating: 0, count: inputs.count)
        function.apply(to: inputs, into: &together, count: inputs.count)
        for (index, x) in inputs.enumerated() {
            var alone: Float = 0
            function.apply(to: [x], into: &alone, count: 1)
            #expect(alone.bitPattern == together[index].bitPattern)
        }
    }
}
