import Kernels
import Tensors

/// A convolution by itself: y = x ∗ w + bias, any kernel, stride and padding.
public struct ConvolutionBlock: Block {
    /// Its word in files.
    public static let kind = "convolution"
    /// The output channels.
    public var width: Int
    /// The side of the filter.
    public var kernel: Int
    /// The step between output positions.
    public var stride: Int
    /// The zeros added on every side; nil for half a kernel, which keeps the size.
    public var padding: Int?
    /// Whether a constant is added to every channel.
    public var bias: Bool
    /// Its name, if it has one of its own.
    public var name: String?

    /// A convolution to `width` channels.
    public init(
        width: Int, kernel: Int = 3, stride: Int = 1, padding: Int? = nil, bias: Bool = true, name: String? = nil
    ) {
        self.width = width
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.bias = bias
        self.name = name
    }

    /// Reads it; all but the width may be left out.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        width = try values.decode(Int.self, forKey: .width)
        kernel = try values.decodeIfPresent(Int.self, forKey: .kernel) ?? 3
        stride = try values.decodeIfPresent(Int.self, forKey: .stride) ?? 1
        padding = try values.decodeIfPresent(Int.self, forKey: .padding)
        bias = try values.decodeIfPresent(Bool.self, forKey: .bias) ?? true
        name = try values.decodeIfPresent(String.self, forKey: .name)
    }

    func problem(for input: ImageShape) -> ConvolutionProblem {
        ConvolutionProblem(
            height: input.height, width: input.width, inputs: input.channels, outputs: width, kernel: kernel,
            stride: stride, padding: padding)
    }

    /// The extents of an image behind it.
    public func outputShape(of input: ImageShape, classes: Int) throws(ArchitectureError) -> ImageShape {
        guard (1...4096).contains(width), (1...64).contains(kernel), (1...64).contains(stride),
            (0..<max(1, kernel)).contains(padding ?? kernel / 2)
        else {
            throw ArchitectureError(
                "A convolution to \(width) channels with a kernel of \(kernel), a stride of \(stride) and a padding of "
                    + "\(padding ?? kernel / 2) cannot be; choose 1 to 4096 channels, kernel and stride from 1 to 64, and a padding "
                    + "less than the kernel.")
        }
        let border = 2 * (padding ?? kernel / 2)
        guard input.height + border >= kernel, input.width + border >= kernel else {
            throw ArchitectureError(
                "A convolution with a kernel of \(kernel) does not fit into images of \(input); choose a smaller one.")
        }
        let problem = problem(for: input)
        try requireWeights(problem.weightCount)
        return ImageShape(height: problem.outputHeight, width: problem.outputWidth, channels: width)
    }

    /// Its one layer.
    public func makeLayers(_ builder: inout LayerBuilder) throws -> [any Layer] {
        let name = try builder.name(self, group: "convolutions")
        return [try ConvolutionLayer(name: name, problem(for: builder.input), hasBias: bias, &builder)]
    }
}

final class ConvolutionLayer: Layer {
    let name: String
    let kind: String
    private let inputShape: Shape
    private let convolution: Convolution
    /// One and zero a channel: the input as it is.
    private let identity: Tensor
    private var input: Tensor?

    init(name: String, _ problem: ConvolutionProblem, hasBias: Bool, _ builder: inout LayerBuilder) throws {
        self.name = name
        kind = problem.kind
        inputShape = builder.input.shape
        convolution = try Convolution(prefix: name, problem, hasBias: hasBias, &builder)
        identity = Tensor(
            [2, problem.inputs],
            values: [Float](repeating: 1, count: problem.inputs) + [Float](repeating: 0, count: problem.inputs))
    }

    var outputShape: Shape { convolution.outputShape }
    var parameters: [Parameter] { convolution.parameters }
    var product: LayerProduct? { convolution.product }
    var preparesBackward: Bool { true }

    private var unchanged: InputActivation {
        InputActivation(
            scale: identity.pointer, shift: identity.pointer + identity.shape[1], rectifies: false)
    }

    func infer(_ input: Activations, _ context: InferenceContext) -> Activations {
        convolution.prepareForward(context.memory)
        return convolution.forward(input.tensor, unchanged, context) { _ in }
    }

    func forward(_ input: Activations, _ context: TrainingContext) -> Activations {
        self.input = input.tensor
        convolution.prepareForward(context.memory)
        return convolution.forward(input.tensor, unchanged, context)
    }

    func prepareBackward(_ memory: NetworkMemory) { convolution.prepareBackward(memory, for: self) }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) throws -> Gradient {
        guard let input else { preconditionFailure("backward follows forward") }
        let inputGradient = context.memory.inputGradient(context.images, inputShape, besides: outputGradient)
        prepareBackward(context.memory)
        try convolution.backward(outputGradient, input: input, inputGradient: inputGradient, context) { _, _, _ in }
        context.memory.operand.endBackward()
        return Gradient(inputGradient)
    }
}
