import Kernels
import Tensors

/// Batch normalisation by itself, y = γ(x − mean)/σ + β per channel, with or without a ReLU behind it.
public struct BatchNormalizationBlock: Block {
    /// Its word in files.
    public static let kind = "batch-normalization"
    /// Whether negative values become zero.
    public var rectifies: Bool
    /// Its name, if it has one of its own.
    public var name: String?

    /// A normalisation of its input.
    public init(rectifies: Bool = false, name: String? = nil) {
        self.rectifies = rectifies
        self.name = name
    }

    /// Reads it; there is no ReLU unless it says so.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        rectifies = try values.decodeIfPresent(Bool.self, forKey: .rectifies) ?? false
        name = try values.decodeIfPresent(String.self, forKey: .name)
    }

    /// The extents of an image behind it.
    public func outputShape(of input: ImageShape, classes: Int) -> ImageShape { input }

    /// Its one layer.
    public func makeLayers(_ builder: inout LayerBuilder) throws -> [any Layer] {
        let name = try builder.name(self, group: "normalizations")
        return [try BatchNormalizationLayer(name: name, rectifies: rectifies, &builder)]
    }
}

final class BatchNormalizationLayer: Layer {
    let name: String
    let kind: String
    let outputShape: Shape
    private let normalization: BatchNormalization
    private let output: Tensor
    private var input: Tensor?

    init(name: String, rectifies: Bool, _ builder: inout LayerBuilder) throws(ResourceError) {
        self.name = name
        kind = rectifies ? "BN → ReLU" : "BN"
        outputShape = builder.input.shape
        normalization = try BatchNormalization(prefix: name, shape: outputShape, rectifies: rectifies, &builder)
        output = try builder.output(outputShape)
    }

    var parameters: [Parameter] { normalization.parameters }
    var statistics: [Parameter] { normalization.statistics }
    var inputMoments: MomentsUse { .needed }

    func infer(_ input: Activations, _ context: InferenceContext) -> Activations {
        apply(normalization.runningActivation(context.memory), to: input.tensor, context)
    }

    func forward(_ input: Activations, _ context: TrainingContext) throws -> Activations {
        self.input = input.tensor
        try normalization.startForward(input, context)
        return apply(try normalization.batchActivation(context), to: input.tensor, context.inference)
    }

    private func apply(_ activation: InputActivation, to input: Tensor, _ context: InferenceContext) -> Activations {
        context.forEachShare { images in
            Elementwise.activate(
                pixels: images.count * outputShape[0] * outputShape[1], channels: outputShape[2],
                input: input.pointer + images.lowerBound * outputShape.count, activation: activation,
                output: output.pointer + images.lowerBound * outputShape.count)
        }
        return Activations(output.first(context.images))
    }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) throws -> Gradient {
        guard let input else { preconditionFailure("backward follows forward") }
        normalization.beginBackward()
        context.forEachShare { images in
            outputGradient.completed(images, shape: outputShape)
            for image in images {
                normalization.addBackward(
                    image..<image + 1, granule: context.granule(ofImage: image), input: input,
                    gradient: outputGradient.tensor)
            }
        }
        try normalization.startSums(context)
        context.prepareLayerBefore()
        return Gradient(outputGradient.tensor, correction: try normalization.finishBackward(input: input, context))
    }
}
