import Kernels
import Tensors

/// Fully connected: y = x Wᵀ + b with W `[outputs, inputs]`; an image is taken as its values in their order.
public struct DenseBlock: Block {
    /// Its word in files.
    public static let kind = "dense"
    /// The values of an output; nil for one a class.
    public var outputs: Int?
    /// Its name, if it has one of its own.
    public var name: String?

    /// A layer of so many outputs, or the classifier.
    public init(outputs: Int? = nil, name: String? = nil) {
        self.outputs = outputs
        self.name = name
    }

    /// The extents of an image behind it.
    public func outputShape(of input: ImageShape, classes: Int) throws(ArchitectureError) -> ImageShape {
        let count = outputs ?? classes
        guard (1...65_536).contains(count) else {
            throw ArchitectureError("A dense block of \(count) outputs cannot be; choose between 1 and 65,536.")
        }
        try requireWeights(input.count * count)
        return ImageShape(height: 1, width: 1, channels: count)
    }

    /// Its one layer.
    public func makeLayers(_ builder: inout LayerBuilder) throws -> [any Layer] {
        let name = try builder.name(self, group: "dense")
        return [try DenseLayer(name: name, outputs: outputs ?? builder.classes, &builder)]
    }
}

final class DenseLayer: Layer {
    let name: String
    let kind = "Dense"
    let outputShape: Shape
    private let inputs: Int
    private let outputs: Int
    private let weight: Parameter
    private let bias: Parameter
    private let output: Tensor
    private var input: Tensor?

    init(name: String, outputs: Int, _ builder: inout LayerBuilder) throws(ResourceError) {
        self.name = name
        inputs = builder.input.count
        self.outputs = outputs
        outputShape = [outputs]
        weight = builder.declare("\(name).weight", [outputs, inputs], role: .weight)
        bias = builder.declare("\(name).bias", [outputs], role: .bias)
        output = try builder.output(outputShape)
    }

    var product: LayerProduct? { .dense(inputs: inputs, outputs: outputs) }
    var parameters: [Parameter] { [weight, bias] }

    func infer(_ input: Activations, _ context: InferenceContext) -> Activations {
        let memory = context.memory
        context.forEachShare { images in
            DenseProduct.forward(
                images: images.count, inputs: inputs, outputs: outputs,
                input: input.tensor.pointer + images.lowerBound * inputs, weights: memory.values(of: weight),
                bias: memory.values(of: bias), output: output.pointer + images.lowerBound * outputs)
        }
        return Activations(output.first(context.images))
    }

    func forward(_ input: Activations, _ context: TrainingContext) -> Activations {
        self.input = input.tensor
        return infer(input, context.inference)
    }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) throws -> Gradient {
        guard let input else { preconditionFailure("backward follows forward") }
        let inputGradient = context.memory.inputGradient(context.images, [inputs], besides: outputGradient)
        let biasOffset = bias.range.lowerBound - weight.range.lowerBound
        try context.sumGradients(of: parameters) { images, sums in
            DenseProduct.backward(
                images: images.count, inputs: inputs, outputs: outputs,
                input: input.pointer + images.lowerBound * inputs, weights: context.memory.values(of: weight),
                outputGradient: outputGradient.completed(images, shape: outputShape),
                inputGradient: inputGradient.pointer + images.lowerBound * inputs, weightGradient: sums,
                biasGradient: sums + biasOffset)
        }
        return Gradient(inputGradient)
    }
}
