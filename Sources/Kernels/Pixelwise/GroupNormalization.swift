/// Normalisation of one image by groups of its channels: y = γ(x − mean)/σ + β with the mean and the biased variance over
/// all pixels and the channels of a group (Wu and He, 2018).
public struct GroupNormalization {
    /// Added to the variance.
    public static let epsilon = 1e-5

    private let pixels: Int
    private let channels: Int
    private let groups: Int

    /// A normalisation of images of `pixels` × `channels`, by groups that divide the channels.
    public init(pixels: Int, channels: Int, groups: Int) {
        precondition(groups > 0 && channels % groups == 0, "\(groups) groups of \(channels) channels")
        self.pixels = pixels
        self.channels = channels
        self.groups = groups
    }

    private var groupSize: Int { channels / groups }

    /// The normalised image; `moments` receives mean and 1/σ of each group, which backward needs.
    public func forward(
        _ input: UnsafePointer<Float>, gamma: UnsafePointer<Float>, beta: UnsafePointer<Float>,
        moments: UnsafeMutablePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * channels) { sums in
            sums.initialize(repeating: 0)
            let squares = sums.baseAddress! + channels
            ChannelSums.moments(
                pixels: pixels, channels: channels, input, sums: sums.baseAddress!, squares: squares)
            let count = Double(pixels * groupSize)
            for group in 0..<groups {
                let members = group * groupSize..<(group + 1) * groupSize
                let mean = members.reduce(0) { $0 + sums[$1] } / count
                let variance = max(0, members.reduce(0) { $0 + squares[$1] } / count - mean * mean)
                moments[2 * group] = Float(mean)
                moments[2 * group + 1] = Float(1 / (variance + Self.epsilon).squareRoot())
            }
        }
        withRows(gamma, moments) { rows in
            for c in 0..<channels { rows.shift[c] = (-rows.mean[c] * rows.scale[c]) + beta[c] }
            Elementwise.activate(
                pixels: pixels, channels: channels, input: input, activation: rows.activation, output: output)
        }
    }

    /// Turns the gradient by the output into that by the input, in place, and adds the gradients of γ and β.
    ///
    /// With x̂ = (x − mean)/σ and n values in a group: dβ = Σg, dγ = Σg·x̂ over the pixels of a channel, and
    /// dx = (γg − Σγg/n − x̂ · Σγg·x̂/n) / σ with sums over the group.
    public func backward(
        _ input: UnsafePointer<Float>, gamma: UnsafePointer<Float>, moments: UnsafePointer<Float>,
        gradient: UnsafeMutablePointer<Float>, gammaSums: UnsafeMutablePointer<Float>,
        betaSums: UnsafeMutablePointer<Float>
    ) {
        withRows(gamma, moments) { rows in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * channels) { sums in
                sums.initialize(repeating: 0)
                let products = sums.baseAddress! + channels
                BatchNormalizationBackward.maskAndSum(
                    pixels: pixels, channels: channels, input: input, activation: rows.activation, mean: rows.mean,
                    inverse: rows.inverse, gradient: gradient, sums: sums.baseAddress!, products: products)
                for c in 0..<channels {
                    betaSums[c] += Float(sums[c])
                    gammaSums[c] += Float(products[c])
                }
                for group in 0..<groups {
                    let members = group * groupSize..<(group + 1) * groupSize
                    let count = Double(pixels * groupSize)
                    let mean = members.reduce(0) { $0 + Double(gamma[$1]) * sums[$1] } / count
                    let slope = members.reduce(0) { $0 + Double(gamma[$1]) * products[$1] } / count
                    let inverse = Double(moments[2 * group + 1])
                    for c in members {
                        rows.slope[c] = Float(-inverse * inverse * slope)
                        rows.shift[c] = Float(inverse * (inverse * slope * Double(moments[2 * group]) - mean))
                    }
                }
            }
            let correction = OutputGradient.Correction(
                output: input, scale: rows.scale, slope: rows.slope, constant: rows.shift)
            OutputGradient(gradient, correction: correction).complete(
                pixels: pixels, channels: channels, into: gradient, targetStride: channels)
        }
    }

    /// Numbers of each channel.
    private struct Rows {
        let scale, shift, mean, inverse, slope: UnsafeMutablePointer<Float>

        var activation: InputActivation { InputActivation(scale: scale, shift: shift, rectifies: false) }
    }

    /// Spreads the groups' moments over their channels; the shift and the slope start at zero.
    private func withRows(_ gamma: UnsafePointer<Float>, _ moments: UnsafePointer<Float>, _ body: (Rows) -> Void) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 5 * channels) { memory in
            memory.initialize(repeating: 0)
            let first = memory.baseAddress!
            let rows = Rows(
                scale: first, shift: first + channels, mean: first + 2 * channels, inverse: first + 3 * channels,
                slope: first + 4 * channels)
            for c in 0..<channels {
                rows.mean[c] = moments[2 * (c / groupSize)]
                rows.inverse[c] = moments[2 * (c / groupSize) + 1]
                rows.scale[c] = gamma[c] * rows.inverse[c]
            }
            body(rows)
        }
    }
}
