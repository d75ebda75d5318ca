import Kernels
import Tensors

/// Inverted dropout: y = x · m / (1 − p) with m drawn per (seed, epoch, sample); the identity at inference.
final class Dropout: Layer {
    let name = "dropout"
    let kind: String
    let outputShape: Shape
    private let rate: Double
    private let state: NetworkState
    private let output: Tensor
    private let wordsPerImage: Int
    private let masks: UnsafeMutableBufferPointer<UInt32>

    init(rate: Double, shape: Shape, _ builder: NetworkBuilder) throws(ResourceError) {
        self.rate = rate
        kind = "Dropout \(rate)"
        outputShape = shape
        state = builder.state
        output = try builder.output(shape)
        wordsPerImage = (shape.count + 31) / 32
        masks = .allocate(capacity: builder.maximumImages * wordsPerImage)
        masks.initialize(repeating: 0)
    }

    deinit { masks.deallocate() }

    private var factor: Float { Float(1 / (1 - rate)) }

    func forward(_ input: Activations, _ pass: Pass) -> Activations {
        guard pass.mode == .training, rate > 0 else { return input }
        state.forEachShare(pass) { images in
            for image in images {
                drawMask(image, pass)
                apply(image, from: input.tensor, to: output)
            }
        }
        return Activations(output.first(pass.images))
    }

    func backward(_ outputGradient: Gradient, _ pass: Pass) -> Gradient {
        guard rate > 0 else { return outputGradient }
        state.forEachShare(pass) { images in
            outputGradient.complete(images: images, shape: outputShape)
            for image in images { apply(image, from: outputGradient.tensor, to: outputGradient.tensor) }
        }
        return Gradient(outputGradient.tensor)
    }

    /// One bit an element, kept when a 16-bit draw reaches the rate.
    private func drawMask(_ image: Int, _ pass: Pass) {
        var stream = RandomStream(
            seed: pass.seed, purpose: .dropout, epoch: pass.epoch, sample: pass.sampleIndices[image])
        let threshold = UInt32((rate * 65_536).rounded())
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: wordsPerImage * 16) { draws in
            stream.fill(draws)
            Elementwise.drawMask(
                UnsafeBufferPointer(draws), threshold: threshold,
                into: masks.baseAddress! + image * wordsPerImage)
        }
    }

    private func apply(_ image: Int, from source: Tensor, to target: Tensor) {
        Elementwise.applyMask(
            masks.baseAddress! + image * wordsPerImage, factor: factor,
            input: source.pointer + image * outputShape.count, output: target.pointer + image * outputShape.count,
            count: outputShape.count)
    }
}
