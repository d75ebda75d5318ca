/// A function of every element of an image, and its slope.
///
/// Exponentials are computed here, in one order of fused steps, and not by the system's library, whose last bit differs
/// from one processor to the next.
public enum ActivationFunction: String, Sendable, Codable, CaseIterable {
    /// max(0, x).
    case relu
    /// x · Φ(x) with the normal distribution's Φ (Hendrycks and Gimpel, 2016), to 2·10⁻⁷ of |x|.
    case gelu
    /// x / (1 + e⁻ˣ) (Elfwing et al., 2018).
    case silu

    /// The name in the summary.
    public var name: String {
        switch self {
        case .relu: "ReLU"
        case .gelu: "GELU"
        case .silu: "SiLU"
        }
    }

    /// `output = f(input)`.
    public func apply(to input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int) {
        switch self {
        case .relu: Self.map(input, output, count) { x, _ in x.raised(to: .zero) }
        case .gelu: Self.map(input, output, count) { x, _ in x * x.normalDistribution.below }
        case .silu: Self.map(input, output, count) { x, _ in x * x.sigmoid }
        }
    }

    /// `gradient = gradient · f′(input)`.
    public func multiplySlopes(at input: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>, count: Int) {
        switch self {
        case .relu: Self.map(input, gradient, count) { x, g in g.replacing(with: 0, where: x .<= Vector.zero) }
        case .gelu:
            Self.map(input, gradient, count) { x, g in
                let normal = x.normalDistribution
                return g * normal.below.addingProduct(x, normal.density)
            }
        case .silu:
            // s + x · s · (1 − s)
            Self.map(input, gradient, count) { x, g in
                let s = x.sigmoid
                return g * s.addingProduct(x * s, 1 - s)
            }
        }
    }

    /// `y = body(x, y)`, a vector at a time; what is left over goes through a vector of its own.
    @inline(__always)
    private static func map(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int, _ body: (Vector, Vector) -> Vector
    ) {
        var index = 0
        while index + vectorWidth <= count {
            (y + index).vector = body((x + index).vector, (y + index).vector)
            index += vectorWidth
        }
        guard index < count else { return }
        var (lastX, lastY) = (Vector.zero, Vector.zero)
        for lane in 0..<count - index { (lastX[lane], lastY[lane]) = (x[index + lane], y[index + lane]) }
        let result = body(lastX, lastY)
        for lane in 0..<count - index { y[index + lane] = result[lane] }
    }
}

extension Vector {
    /// eˣ for x ≤ 0 to about one unit in the last place; zero below −80.
    ///
    /// With n = x / ln 2 rounded, eˣ = 2ⁿ · e^(x − n ln 2): a polynomial of the seventh degree about zero, and n as an exponent.
    @inline(__always)
    fileprivate var exponential: Vector {
        let x = raised(to: Vector(repeating: -80))
        // Adding 1.5 · 2²³ leaves the rounded number in the low bits.
        let shift = Vector(repeating: 12_582_912)
        let shifted = shift.addingProduct(x, 1.442_695_04)
        let n = shifted - shift
        let r = x.addingProduct(n, -0.693_145_752).addingProduct(n, -1.428_606_8e-6)
        var p = Vector(repeating: 1.0 / 720).addingProduct(r, 1.0 / 5040)
        for coefficient: Float in [1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1] {
            p = Vector(repeating: coefficient).addingProduct(p, r)
        }
        let exponent = (unsafeBitCast(shifted, to: BitVector.self) &- unsafeBitCast(shift, to: BitVector.self)) &<< 23
        let power = unsafeBitCast(exponent &+ BitVector(repeating: 0x3F80_0000), to: Vector.self)
        return (p * power).replacing(with: 0, where: self .< Vector(repeating: -80))
    }

    /// 1 / (1 + e⁻ˣ).
    @inline(__always)
    fileprivate var sigmoid: Vector {
        let isNegative = self .< Vector.zero
        let e = (-self).replacing(with: self, where: isNegative).exponential
        // e^−|x| cannot overflow: 1 / (1 + e) on the right, e / (1 + e) on the left.
        return Vector(repeating: 1).replacing(with: e, where: isNegative) / (1 + e)
    }

    /// The normal distribution's share below x, by Abramowitz and Stegun 7.1.26, and its density at x.
    @inline(__always)
    fileprivate var normalDistribution: (below: Vector, density: Vector) {
        let isNegative = self .< Vector.zero
        let size = replacing(with: -self, where: isNegative)
        let e = (size * size * -0.5).exponential
        let t = 1 / Vector(repeating: 1).addingProduct(size, 0.231_641_888)
        var p = Vector(repeating: -1.453_152_027).addingProduct(t, 1.061_405_429)
        for coefficient: Float in [1.421_413_741, -0.284_496_736, 0.254_829_592] {
            p = Vector(repeating: coefficient).addingProduct(p, t)
        }
        let tail = p * t * e * 0.5
        return ((1 - tail).replacing(with: tail, where: isNegative), e * 0.398_942_28)
    }
}
