import Kernels
import Tensors

/// The mean of each field: y = Σx / window²; every element of a field gets gradient dy / window².
public struct AveragePoolBlock: Block {
    /// Its word in files.
    public static let kind = "average-pool"
    /// The side of a field; nil for the whole image.
    public var window: Int?
    /// Its name, if it has one of its own.
    public var name: String?

    /// The mean of fields of `window` × `window`, or of the whole image.
    public init(window: Int? = nil, name: String? = nil) {
        self.window = window
        self.name = name
    }

    /// The extents of an image behind it.
    public func outputShape(of input: ImageShape, classes: Int) throws(ArchitectureError) -> ImageShape {
        guard let window else { return ImageShape(height: 1, width: 1, channels: input.channels) }
        return try input.pooled(by: window)
    }

    /// Its one layer.
    public func makeLayers(_ builder: inout LayerBuilder) throws -> [any Layer] {
        let name = try builder.name(self, group: "pool")
        let fields = PoolWindow(height: window ?? builder.input.height, width: window ?? builder.input.width)
        return [try AveragePoolLayer(name: name, window: fields, &builder)]
    }
}

extension ImageShape {
    /// What fields of `window` × `window` leave.
    func pooled(by window: Int) throws(ArchitectureError) -> ImageShape {
        guard window > 0, height % window == 0, width % window == 0 else {
            throw ArchitectureError(
                "A pool of \(window)×\(window) does not divide images of \(self); choose a window that does.")
        }
        return ImageShape(height: height / window, width: width / window, channels: channels)
    }
}

final class AveragePoolLayer: Layer {
    let name: String
    let kind: String
    let outputShape: Shape
    private let inputShape: Shape
    private let window: PoolWindow
    private let output: Tensor

    init(name: String, window: PoolWindow, _ builder: inout LayerBuilder) throws(ResourceError) {
        self.name = name
        self.window = window
        inputShape = builder.input.shape
        kind = "AveragePool \(window.height)×\(window.width)"
        outputShape = [inputShape[0] / window.height, inputShape[1] / window.width, inputShape[2]]
        output = try builder.output(outputShape)
    }

    func infer(_ input: Activations, _ context: InferenceContext) -> Activations {
        pool(input, context) { _ in }
    }

    func forward(_ input: Activations, _ context: TrainingContext) -> Activations {
        context.takingMoments(of: output) { pool(input, context.inference, finished: $0) }
    }

    private func pool(
        _ input: Activations, _ context: InferenceContext, finished: (_ images: Range<Int>) -> Void
    ) -> Activations {
        context.forEachShare { images in
            for image in images {
                Pooling.averageForward(
                    images: 1, height: inputShape[0], width: inputShape[1], channels: inputShape[2], window: window,
                    input: input.image(image, of: inputShape), output: output.pointer + image * outputShape.count)
                finished(image..<image + 1)
            }
        }
        return Activations(output.first(context.images))
    }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) -> Gradient {
        let inputGradient = context.memory.inputGradient(context.images, inputShape, besides: outputGradient)
        context.forEachShare { images in
            Pooling.averageBackward(
                images: images.count, height: inputShape[0], width: inputShape[1], channels: inputShape[2],
                window: window, outputGradient: outputGradient.completed(images, shape: outputShape),
                inputGradient: inputGradient.pointer + images.lowerBound * inputShape.count)
        }
        return Gradient(inputGradient)
    }
}
