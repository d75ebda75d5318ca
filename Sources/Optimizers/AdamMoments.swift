import Tensors

/// The state and the arithmetic that `Adam` and `AdamW` share: the two moments and the pass over one run.
///
/// The scalars of a step (bias corrections, step size) are taken in `Double` from +, −, ×, ÷ and √ only, which IEEE 754
/// rounds alike everywhere; a library's `pow` would be free to differ between machines.
package struct AdamMoments {
    /// The mean of gradients m.
    let first: OptimizerSlot
    /// The mean of squared gradients v.
    let second: OptimizerSlot

    private let beta1: Double
    private let beta2: Double
    private let epsilon: Float

    init(_ configuration: OptimizerConfiguration, table: ParameterTable) throws(ResourceError) {
        first = try OptimizerSlot(name: "first_moment", table: table)
        second = try OptimizerSlot(name: "second_moment", table: table)
        beta1 = configuration.beta1
        beta2 = configuration.beta2
        epsilon = Float(configuration.epsilon)
    }

    /// One pass over a run, at the 1-based step `step`:
    ///
    ///     g ← g + coupledDecay · p
    ///     m ← β₁ m + (1 − β₁) g,    m̂ = m / (1 − β₁ᵗ)
    ///     v ← β₂ v + (1 − β₂) g²,   v̂ = v / (1 − β₂ᵗ)
    ///     p ← shrink · p − rate · m̂ / (√v̂ + ε)
    ///
    /// The flat blocks are p, g, m and v; a run is a multiple of 16 elements on a cache line.
    func update(
        _ range: Range<Int>, of store: ParameterStore, step: Int, learningRate: Float, coupledDecay: Float,
        shrink: Float
    ) {
        let p = UnsafeMutableRawPointer(store.values.pointer + range.lowerBound)
        let g = UnsafeRawPointer(store.gradients.pointer + range.lowerBound)
        let m = UnsafeMutableRawPointer(first.block.pointer + range.lowerBound)
        let v = UnsafeMutableRawPointer(second.block.pointer + range.lowerBound)
        let minusStepSize = SIMD8(repeating: -Float(Double(learningRate) / (1 - Self.power(beta1, step))))
        let secondCorrection = SIMD8(repeating: Float(1 / (1 - Self.power(beta2, step)).squareRoot()))
        let (keepFirst, addFirst) = (SIMD8(repeating: Float(beta1)), SIMD8(repeating: Float(1 - beta1)))
        let (keepSecond, addSecond) = (SIMD8(repeating: Float(beta2)), SIMD8(repeating: Float(1 - beta2)))
        let (decay, keep) = (SIMD8(repeating: coupledDecay), SIMD8(repeating: shrink))
        let epsilon = SIMD8(repeating: epsilon)
        for offset in stride(from: 0, to: range.count * 4, by: 32) {
            let value = p.load(fromByteOffset: offset, as: SIMD8<Float>.self)
            let gradient = g.load(fromByteOffset: offset, as: SIMD8<Float>.self).addingProduct(decay, value)
            let mean = (keepFirst * m.load(fromByteOffset: offset, as: SIMD8<Float>.self))
                .addingProduct(addFirst, gradient)
            let square = (keepSecond * v.load(fromByteOffset: offset, as: SIMD8<Float>.self))
                .addingProduct(addSecond * gradient, gradient)
            let denominator = epsilon.addingProduct(square.squareRoot(), secondCorrection)
            m.storeBytes(of: mean, toByteOffset: offset, as: SIMD8<Float>.self)
            v.storeBytes(of: square, toByteOffset: offset, as: SIMD8<Float>.self)
            p.storeBytes(
                of: (keep * value).addingProduct(minusStepSize, mean / denominator), toByteOffset: offset,
                as: SIMD8<Float>.self)
        }
    }

    /// `base` to the power of `exponent` ≥ 0 by repeated squaring.
    package static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, remaining) = (1.0, base, exponent)
        while remaining > 0 {
            if remaining & 1 == 1 { result *= square }
            square *= square
            remaining >>= 1
        }
        return result
    }
}
