import Kernels
import Tensors

/// Inverted dropout: y = x · m / (1 − p) with m drawn per (seed, epoch, sample); the identity at inference.
final class Dropout: Layer {
    let name = "dropout"
    let kind: String
    let outputShape: Shape
    private let rate: Double
    private let output: Tensor
    private let inputGradient: Tensor
    private let wordsPerImage: Int
    private var masks: [UInt32]

    init(rate: Double, shape: Shape, maximumImages: Int) {
        self.rate = rate
        kind = "Dropout \(rate)"
        outputShape = shape
        output = Tensor(Shape([maximumImages] + shape.dimensions))
        inputGradient = Tensor(Shape([maximumImages] + shape.dimensions))
        wordsPerImage = (shape.count + 31) / 32
        masks = [UInt32](repeating: 0, count: maximumImages * wordsPerImage)
    }

    private var factor: Float { Float(1 / (1 - rate)) }

    func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
        guard pass.mode == .training, rate > 0 else { return input }
        for image in 0..<pass.images {
            drawMask(image, pass)
            apply(image, from: input, to: output)
        }
        return output.first(pass.images)
    }

    func backward(_ outputGradient: Tensor, _ pass: Pass) -> Tensor {
        guard rate > 0 else { return outputGradient }
        for image in 0..<pass.images { apply(image, from: outputGradient, to: inputGradient) }
        return inputGradient.first(pass.images)
    }

    /// One bit an element, kept when a 16-bit draw reaches the rate.
    private func drawMask(_ image: Int, _ pass: Pass) {
        var stream = RandomStream(
            seed: pass.seed, purpose: .dropout, epoch: pass.epoch, sample: pass.sampleIndices[image])
        let threshold = UInt32((rate * 65_536).rounded())
        for word in 0..<wordsPerImage {
            var bits: UInt32 = 0
            for pair in 0..<16 {
                let draw = stream.nextWord()
                if draw & 0xFFFF >= threshold { bits |= 1 << UInt32(2 * pair) }
                if draw >> 16 >= threshold { bits |= 2 << UInt32(2 * pair) }
            }
            masks[image * wordsPerImage + word] = bits
        }
    }

    private func apply(_ image: Int, from source: Tensor, to target: Tensor) {
        masks.withUnsafeBufferPointer { masks in
            Elementwise.applyMask(
                masks.baseAddress! + image * wordsPerImage, factor: factor,
                input: source.pointer + image * outputShape.count, output: target.pointer + image * outputShape.count,
                count: outputShape.count)
        }
    }
}
