import Tensors

/// Adam (Kingma and Ba, 2015) with bias-corrected moments; ε is added to √v̂, as in PyTorch.
///
///     g ← g + λ p                                          coupled decay
///     m ← β₁ m + (1 − β₁) g,    m̂ = m / (1 − β₁ᵗ)
///     v ← β₂ v + (1 − β₂) g²,   v̂ = v / (1 − β₂ᵗ)
///     p ← p − rate · m̂ / (√v̂ + ε)
///     p ← (1 − rate · λ) p − rate · m̂ / (√v̂ + ε)          decoupled decay
///
/// Weight decay λ is coupled in `adam`: it is L2 regularisation, added to the gradient, and passes through the moments.
/// In `adamw` (Loshchilov and Hutter, 2019) it is decoupled: the gradient and the moments know nothing of it.
///
/// Keras adds ε to √v before the correction, so its ε weighs 1 / √(1 − β₂ᵗ) times as much: 32 times in the first step,
/// the same later. The scalars of a step (bias corrections, step size) are taken in `Double` from +, −, ×, ÷ and √ only,
/// which IEEE 754 rounds alike everywhere; a library's `pow` would be free to differ between machines.
public struct Adam: UpdateRule {
    /// The decay β₁ of the mean of gradients, in [0, 1).
    public var beta1: Double
    /// The decay β₂ of the mean of squared gradients, in [0, 1).
    public var beta2: Double
    /// Added to the root of the second moment; positive.
    public var epsilon: Double
    /// Whether weight decay passes the gradient by: AdamW.
    public let isDecoupled: Bool

    /// Adam with those settings; the defaults are those of Keras, which are the article's.
    public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7, isDecoupled: Bool = false) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.isDecoupled = isDecoupled
    }

    /// `adam` or `adamw`.
    public var kind: OptimizerKind { isDecoupled ? .adamw : .adam }

    /// `beta1`, `beta2` and `epsilon`.
    public static let settings: [OptimizerSetting] = [
        .number("beta1", \Self.beta1, .fraction(example: "0.9"), of: "Adam", help: "decay of the mean gradient"),
        .number("beta2", \Self.beta2, .fraction(example: "0.999"), of: "Adam", help: "decay of the mean square"),
        .number(
            "epsilon", \Self.epsilon, .positive(example: "1e-7"), of: "Adam", aliases: ["eps"],
            help: "added to the root's denominator"),
    ]

    /// `first_moment` and `second_moment`: the means m of gradients and v of squared gradients, before bias correction.
    public var slotNames: [String] { ["first_moment", "second_moment"] }

    /// One step; t is the pass's.
    public func update(_ pass: UpdatePass) {
        let (means, squares) = (pass.slot(0), pass.slot(1))
        let minusStepSize = SIMD8(repeating: -Float(Double(pass.learningRate) / (1 - Self.power(beta1, pass.step))))
        let secondCorrection = SIMD8(repeating: Float(1 / (1 - Self.power(beta2, pass.step)).squareRoot()))
        let (keepFirst, addFirst) = (SIMD8(repeating: Float(beta1)), SIMD8(repeating: Float(1 - beta1)))
        let (keepSecond, addSecond) = (SIMD8(repeating: Float(beta2)), SIMD8(repeating: Float(1 - beta2)))
        let decay = SIMD8(repeating: isDecoupled ? 0 : Float(pass.weightDecay))
        let keep = SIMD8(repeating: isDecoupled ? Float(1 - Double(pass.learningRate) * pass.weightDecay) : 1)
        let epsilon = SIMD8(repeating: Float(epsilon))
        pass.forEachVector { value, gradient, offset in
            let gradient = gradient.addingProduct(decay, value)
            let mean = (keepFirst * means[offset]).addingProduct(addFirst, gradient)
            let square = (keepSecond * squares[offset]).addingProduct(addSecond * gradient, gradient)
            means[offset] = mean
            squares[offset] = square
            let denominator = epsilon.addingProduct(square.squareRoot(), secondCorrection)
            return (keep * value).addingProduct(minusStepSize, mean / denominator)
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
