import Kernels
import Tensors

/// Inverted dropout: y = x · m / (1 − p) with m drawn per (seed, epoch, sample); the identity at inference.
public struct DropoutBlock: Block {
    /// Its word in files.
    public static let kind = "dropout"
    /// The share of elements dropped, in [0, 1).
    public var rate: Double
    /// Its name, if it has one of its own.
    public var name: String?

    /// A dropout of that share.
    public init(rate: Double, name: String? = nil) {
        self.rate = rate
        self.name = name
    }

    /// The error about a share that cannot be.
    static func impossible(_ rate: Double) -> ArchitectureError {
        ArchitectureError("A dropout of \(rate) is impossible; choose at least 0 and less than 1.")
    }

    /// The extents of an image behind it.
    public func outputShape(of input: ImageShape, classes: Int) throws(ArchitectureError) -> ImageShape {
        guard (0..<1).contains(rate) else { throw Self.impossible(rate) }
        return input
    }

    /// Its one layer.
    public func makeLayers(_ builder: inout LayerBuilder) throws -> [any Layer] {
        [try DropoutLayer(name: builder.name(self, group: "dropout"), rate: rate, &builder)]
    }
}

final class DropoutLayer: Layer {
    let name: String
    let kind: String
    let outputShape: Shape
    private let rate: Double
    /// Which of the network's dropouts it is: each draws masks of its own.
    private let place: Int
    private let output: Tensor
    private let wordsPerImage: Int
    private let masks: UnsafeMutableBufferPointer<UInt32>

    init(name: String, rate: Double, _ builder: inout LayerBuilder) throws(ResourceError) {
        self.name = name
        self.rate = rate
        place = builder.takePlace(in: DropoutBlock.kind)
        kind = "Dropout \(rate)"
        outputShape = builder.input.shape
        output = try builder.output(outputShape)
        wordsPerImage = (outputShape.count + 31) / 32
        masks = .allocate(capacity: builder.maximumImages * wordsPerImage)
        masks.initialize(repeating: 0)
    }

    deinit { masks.deallocate() }

    private var factor: Float { Float(1 / (1 - rate)) }

    func infer(_ input: Activations, _ context: InferenceContext) -> Activations { input }

    func forward(_ input: Activations, _ context: TrainingContext) -> Activations {
        guard rate > 0 else { return input }
        context.forEachShare { images in
            for image in images {
                drawMask(image, context)
                apply(image, from: input.image(image, of: outputShape), to: output)
            }
        }
        return Activations(output.first(context.images))
    }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) -> Gradient {
        guard rate > 0 else { return outputGradient }
        context.forEachShare { images in
            for image in images {
                let gradient = outputGradient.completed(image..<image + 1, shape: outputShape)
                apply(image, from: gradient, to: outputGradient.tensor)
            }
        }
        return outputGradient.finished
    }

    /// One bit an element, kept when a 16-bit draw reaches the rate.
    private func drawMask(_ image: Int, _ context: TrainingContext) {
        var stream = RandomStream(
            seed: context.seed, purpose: .dropout, epoch: context.epoch, sample: context.sampleIndices[image],
            series: place)
        let threshold = UInt32((rate * 65_536).rounded())
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: wordsPerImage * 16) { draws in
            stream.fill(draws)
            Elementwise.drawMask(
                UnsafeBufferPointer(draws), threshold: threshold,
                into: masks.baseAddress! + image * wordsPerImage)
        }
    }

    private func apply(_ image: Int, from source: UnsafePointer<Float>, to target: Tensor) {
        Elementwise.applyMask(
            masks.baseAddress! + image * wordsPerImage, factor: factor, input: source,
            output: target.pointer + image * outputShape.count, count: outputShape.count)
    }
}
