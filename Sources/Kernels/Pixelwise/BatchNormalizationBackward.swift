/// The first pass of batch normalisation's (and its ReLU's) backward direction.
///
/// With x̂ = (x − mean) · inverse, y = max(floor, γx̂ + β) and g the gradient by y masked by y > floor:
/// dβ = Σg, dγ = Σg·x̂, dx = γ · inverse · (g − Σg/n − x̂ · Σg·x̂/n)   (Ioffe and Szegedy, 2015).
/// The sums are exchanged between the ranks; dx, linear in g and x, is left to `OutputGradient.Correction`.
public enum BatchNormalizationBackward {
    /// Masks `gradient` in place and adds Σg and Σg·x̂ per channel.
    public static func maskAndSum(
        pixels: Int, channels: Int, input x: UnsafePointer<Float>, activation: InputActivation,
        mean: UnsafePointer<Float>, inverse: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>,
        sums: UnsafeMutablePointer<Double>, products: UnsafeMutablePointer<Double>
    ) {
        let floor = Vector(repeating: activation.floor)
        ChannelSums.forEachStrip(pixels: pixels, channels: channels) { block, c, lanes in
            let scale = (activation.scale + c)[lanes: lanes]
            let shift = (activation.shift + c)[lanes: lanes]
            let m = (mean + c)[lanes: lanes]
            let i = (inverse + c)[lanes: lanes]
            var sum = Vector.zero
            var product = Vector.zero
            for pixel in block {
                let value = (x + pixel * channels + c)[lanes: lanes]
                let place = gradient + pixel * channels + c
                let g = place[lanes: lanes].replacing(with: 0, where: shift.addingProduct(value, scale) .<= floor)
                place[lanes: lanes] = g
                sum += g
                product = product.addingProduct(g, (value - m) * i)
            }
            (sums + c).add(sum.doubles, lanes: lanes)
            (products + c).add(product.doubles, lanes: lanes)
        } remainder: { block, c in
            for pixel in block {
                let index = pixel * channels + c
                if activation.apply(x[index], channel: c) <= activation.floor { gradient[index] = 0 }
                sums[c] += Double(gradient[index])
                products[c] += Double(gradient[index] * ((x[index] - mean[c]) * inverse[c]))
            }
        }
    }
}
