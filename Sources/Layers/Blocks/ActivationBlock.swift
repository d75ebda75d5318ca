import Kernels
import Tensors

/// A function of every element: y = f(x).
public struct ActivationBlock: Block {
    /// Its word in files.
    public static let kind = "activation"
    /// The function.
    public var function: ActivationFunction
    /// Its name, if it has one of its own.
    public var name: String?

    /// That function of every element.
    public init(_ function: ActivationFunction, name: String? = nil) {
        self.function = function
        self.name = name
    }

    /// The extents of an image behind it.
    public func outputShape(of input: ImageShape, classes: Int) -> ImageShape { input }

    /// Its one layer.
    public func makeLayers(_ builder: inout LayerBuilder) throws -> [any Layer] {
        [try ActivationLayer(name: builder.name(self, group: "activations"), function, &builder)]
    }
}

final class ActivationLayer: Layer {
    let name: String
    let kind: String
    let outputShape: Shape
    private let function: ActivationFunction
    private let output: Tensor
    private var input: Tensor?

    init(name: String, _ function: ActivationFunction, _ builder: inout LayerBuilder) throws(ResourceError) {
        self.name = name
        self.function = function
        kind = function.name
        outputShape = builder.input.shape
        output = try builder.output(outputShape)
    }

    func infer(_ input: Activations, _ context: InferenceContext) -> Activations {
        apply(input, context) { _ in }
    }

    func forward(_ input: Activations, _ context: TrainingContext) -> Activations {
        self.input = input.tensor
        return context.takingMoments(of: output) { apply(input, context.inference, finished: $0) }
    }

    private func apply(
        _ input: Activations, _ context: InferenceContext, finished: (_ images: Range<Int>) -> Void
    ) -> Activations {
        context.forEachShare { images in
            for image in images {
                function.apply(
                    to: input.image(image, of: outputShape), into: output.pointer + image * outputShape.count,
                    count: outputShape.count)
                finished(image..<image + 1)
            }
        }
        return Activations(output.first(context.images))
    }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) -> Gradient {
        guard let input else { preconditionFailure("backward follows forward") }
        context.forEachShare { images in
            let gradient = outputGradient.completed(images, shape: outputShape)
            function.multiplySlopes(
                at: input.pointer + images.lowerBound * outputShape.count, into: gradient,
                count: images.count * outputShape.count)
        }
        return outputGradient.finished
    }
}
