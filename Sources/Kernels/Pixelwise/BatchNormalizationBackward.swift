/// The first pass of batch normalisation's (and its ReLU's) backward direction.
///
/// With x̂ = (x − mean) · inverse, y = max(floor, γx̂ + β) and g the gradient by y masked by y > floor:
/// dβ = Σg, dγ = Σg·x̂, dx = γ · inverse · (g − Σg/n − x̂ · Σg·x̂/n)   (Ioffe and Szegedy, 2015).
/// The sums are exchanged between the ranks; dx, linear in g and x, is left to `OutputGradient.Correction`.
public enum BatchNormalizationBackward {
    private static let pixelsPerBlock = 64

    /// Masks `gradient` in place and adds Σg and Σg·x̂ per channel.
    public static func maskAndSum(
        pixels: Int, channels: Int, input x: UnsafePointer<Float>, activation: InputActivation,
        mean: UnsafePointer<Float>, inverse: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>,
        sums: UnsafeMutablePointer<Double>, products: UnsafeMutablePointer<Double>
    ) {
        let floor = Vector(repeating: activation.floor)
        for block in stride(from: 0, to: pixels, by: pixelsPerBlock) {
            let end = min(block + pixelsPerBlock, pixels)
            var c = 0
            while c + vectorWidth <= channels {
                let scale = (activation.scale + c).vector
                let shift = (activation.shift + c).vector
                let m = (mean + c).vector
                let i = (inverse + c).vector
                var sum = Vector.zero
                var product = Vector.zero
                for pixel in block..<end {
                    let value = (x + pixel * channels + c).vector
                    let place = gradient + pixel * channels + c
                    let g = place.vector.replacing(with: 0, where: shift.addingProduct(value, scale) .<= floor)
                    place.vector = g
                    sum += g
                    product = product.addingProduct(g, (value - m) * i)
                }
                (sums + c).vector += sum.doubles
                (products + c).vector += product.doubles
                c += vectorWidth
            }
            while c < channels {
                for pixel in block..<end {
                    let index = pixel * channels + c
                    if activation.apply(x[index], channel: c) <= activation.floor { gradient[index] = 0 }
                    sums[c] += Double(gradient[index])
                    products[c] += Double(gradient[index] * ((x[index] - mean[c]) * inverse[c]))
                }
                c += 1
            }
        }
    }
}
