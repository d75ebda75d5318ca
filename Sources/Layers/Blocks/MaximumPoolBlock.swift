import Kernels
import Tensors

/// The largest element of each 2×2 field: y = max x over the field; the gradient goes to the element that was largest.
public struct MaximumPoolBlock: Block {
    /// Its word in files.
    public static let kind = "maximum-pool"
    /// Its name, if it has one of its own.
    public var name: String?

    /// The largest of each 2×2 field.
    public init(name: String? = nil) {
        self.name = name
    }

    /// The extents of an image behind it.
    public func outputShape(of input: ImageShape, classes: Int) throws(ArchitectureError) -> ImageShape {
        try input.pooled(by: 2)
    }

    /// Its one layer.
    public func makeLayers(_ builder: inout LayerBuilder) throws -> [any Layer] {
        [try MaximumPoolLayer(name: builder.name(self, group: "pool"), &builder)]
    }
}

final class MaximumPoolLayer: Layer {
    let name: String
    let kind = "MaxPool 2×2"
    let outputShape: Shape
    private let inputShape: Shape
    private let output: Tensor
    /// Which element of each field was largest, 0 to 3.
    private let chosen: Tensor

    init(name: String, _ builder: inout LayerBuilder) throws(ResourceError) {
        self.name = name
        inputShape = builder.input.shape
        outputShape = [inputShape[0] / 2, inputShape[1] / 2, inputShape[2]]
        output = try builder.output(outputShape)
        chosen = try builder.output(outputShape)
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
                Pooling.maximumForward(
                    images: 1, height: inputShape[0], width: inputShape[1], channels: inputShape[2],
                    input: input.image(image, of: inputShape), output: output.pointer + image * outputShape.count,
                    chosen: chosen.pointer + image * outputShape.count)
                finished(image..<image + 1)
            }
        }
        return Activations(output.first(context.images))
    }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) -> Gradient {
        let inputGradient = context.memory.inputGradient(context.images, inputShape, besides: outputGradient)
        context.forEachShare { images in
            for image in images {
                Pooling.maximumBackward(
                    images: 1, height: inputShape[0], width: inputShape[1], channels: inputShape[2],
                    outputGradient: outputGradient.completed(image..<image + 1, shape: outputShape),
                    chosen: chosen.pointer + image * outputShape.count,
                    inputGradient: inputGradient.pointer + image * inputShape.count)
            }
        }
        return Gradient(inputGradient)
    }
}
