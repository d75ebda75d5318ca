import Kernels
import Tensors

/// BN → ReLU → Conv 3×3, the article's unit: y = conv(max(0, x · scale + shift)) + bias, one pass over memory.
public struct UnitBlock: Block {
    /// Its word in files.
    public static let kind = "unit"
    /// The output channels.
    public var width: Int
    /// The step between output positions.
    public var stride: Int
    /// Its name, if it has one of its own.
    public var name: String?

    /// A unit of `width` output channels.
    public init(width: Int, stride: Int = 1, name: String? = nil) {
        self.width = width
        self.stride = stride
        self.name = name
    }

    /// Reads it; a stride of 1 may be left out.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        width = try values.decode(Int.self, forKey: .width)
        stride = try values.decodeIfPresent(Int.self, forKey: .stride) ?? 1
        name = try values.decodeIfPresent(String.self, forKey: .name)
    }

    private var convolution: ConvolutionBlock { ConvolutionBlock(width: width, stride: stride) }

    /// The extents of an image behind it.
    public func outputShape(of input: ImageShape, classes: Int) throws(ArchitectureError) -> ImageShape {
        try convolution.outputShape(of: input, classes: classes)
    }

    /// Its one layer.
    public func makeLayers(_ builder: inout LayerBuilder) throws -> [any Layer] {
        let name = try builder.name(self, group: "units")
        return [try UnitLayer(name: name, convolution.problem(for: builder.input), &builder)]
    }
}

final class UnitLayer: Layer {
    let name: String
    let kind: String
    private let normalization: BatchNormalization
    private let convolution: Convolution
    private var input: Tensor?

    init(name: String, _ problem: ConvolutionProblem, _ builder: inout LayerBuilder) throws {
        self.name = name
        kind = "BN → ReLU → \(problem.kind)"
        normalization = try BatchNormalization(prefix: "\(name).bn", shape: builder.input.shape, &builder)
        convolution = try Convolution(prefix: "\(name).conv", problem, hasBias: true, &builder)
    }

    var outputShape: Shape { convolution.outputShape }
    var parameters: [Parameter] { normalization.parameters + convolution.parameters }
    var statistics: [Parameter] { normalization.statistics }
    var product: LayerProduct? { convolution.product }
    var inputMoments: MomentsUse { .needed }
    var preparesBackward: Bool { true }

    func infer(_ input: Activations, _ context: InferenceContext) -> Activations {
        convolution.prepareForward(context.memory)
        let activation = normalization.runningActivation(context.memory)
        return convolution.forward(input.tensor, activation, context) { _ in }
    }

    func forward(_ input: Activations, _ context: TrainingContext) throws -> Activations {
        try normalization.startForward(input, context)
        convolution.prepareForward(context.memory)
        let activation = try normalization.batchActivation(context)
        self.input = input.tensor
        return convolution.forward(input.tensor, activation, context)
    }

    func prepareBackward(_ memory: NetworkMemory) { convolution.prepareBackward(memory, for: self) }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) throws -> Gradient {
        guard let input else { preconditionFailure("backward follows forward") }
        let inputGradient = context.memory.inputGradient(
            context.images, normalization.shape, besides: outputGradient)
        let lastGranule = context.subtrees[context.subtrees.count - 1].upperBound - 1
        var startOfSums: Result<Void, any Error>?
        normalization.beginBackward()
        prepareBackward(context.memory)
        try convolution.backward(outputGradient, input: input, inputGradient: inputGradient, context) {
            share, granule, images in
            normalization.addBackward(images, granule: granule, input: input, gradient: inputGradient)
            // With one worker the sums are complete before the last weight gradient, which then hides their exchange.
            // Granules without images may come before or behind others, so the last one counts, not the last image.
            if share.count == 1, granule == lastGranule, images.upperBound == context.images {
                startOfSums = Result { try normalization.startSums(context) }
            }
        }
        try (startOfSums ?? Result { try normalization.startSums(context) }).get()
        context.memory.operand.endBackward()
        context.prepareLayerBefore()
        return Gradient(inputGradient, correction: try normalization.finishBackward(input: input, context))
    }
}
