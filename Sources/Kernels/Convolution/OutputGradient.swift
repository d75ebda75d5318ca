/// The gradient by a layer's output as the layer behind hands it over: complete, or with the last step of that layer's
/// batch normalisation still to be taken by whoever reads it, which saves a pass over memory.
public struct OutputGradient {
    /// dy = scale · g + slope · y + constant per channel, with y the output that was normalised.
    public struct Correction {
        let output: UnsafePointer<Float>
        let scale: UnsafePointer<Float>
        let slope: UnsafePointer<Float>
        let constant: UnsafePointer<Float>

        /// A correction by the output `[pixels, channels]` and three rows of per-channel numbers.
        public init(
            output: UnsafePointer<Float>, scale: UnsafePointer<Float>, slope: UnsafePointer<Float>,
            constant: UnsafePointer<Float>
        ) {
            self.output = output
            self.scale = scale
            self.slope = slope
            self.constant = constant
        }
    }

    let values: UnsafePointer<Float>
    let correction: Correction?

    /// A gradient `[pixels, channels]`, complete unless a correction is given.
    public init(_ values: UnsafePointer<Float>, correction: Correction? = nil) {
        self.values = values
        self.correction = correction
    }

    /// The gradient that starts some elements later; a whole number of pixels.
    public func advanced(by elements: Int) -> OutputGradient {
        OutputGradient(
            values + elements,
            correction: correction.map {
                Correction(output: $0.output + elements, scale: $0.scale, slope: $0.slope, constant: $0.constant)
            })
    }

    /// Writes the complete gradient of some pixels, rows `targetStride` apart; the target may be the gradient itself.
    public func complete(
        pixels: Int, channels: Int, into target: UnsafeMutablePointer<Float>, targetStride: Int
    ) {
        for pixel in 0..<pixels {
            let g = values + pixel * channels
            let row = target + pixel * targetStride
            guard let correction else {
                if row != g { row.update(from: g, count: channels) }
                continue
            }
            let y = correction.output + pixel * channels
            var c = 0
            while c + vectorWidth <= channels {
                let offset = (correction.constant + c).vector.addingProduct(
                    (y + c).vector, (correction.slope + c).vector)
                (row + c).vector = offset.addingProduct((g + c).vector, (correction.scale + c).vector)
                c += vectorWidth
            }
            while c < channels {
                let offset = correction.constant[c].addingProduct(y[c], correction.slope[c])
                row[c] = offset.addingProduct(g[c], correction.scale[c])
                c += 1
            }
        }
    }
}
