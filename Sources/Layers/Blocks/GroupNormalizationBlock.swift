import Kernels
import Tensors

/// Group normalisation: y = γ(x − mean)/σ + β, mean and σ over all pixels and some channels of one image (Wu and He,
/// 2018). It knows no batch: nothing is summed over ranks, and inference computes what training does.
public struct GroupNormalizationBlock: Block {
    /// Its word in files.
    public static let kind = "group-normalization"
    /// The groups that the channels are divided into; 1 for layer normalisation.
    public var groups: Int
    /// Its name, if it has one of its own.
    public var name: String?

    /// A normalisation by `groups` groups of channels.
    public init(groups: Int, name: String? = nil) {
        self.groups = groups
        self.name = name
    }

    /// The extents of an image behind it.
    public func outputShape(of input: ImageShape, classes: Int) throws(ArchitectureError) -> ImageShape {
        guard groups > 0, input.channels % groups == 0 else {
            throw ArchitectureError(
                "\(input.channels) channels cannot be divided into \(groups) groups; choose a number that divides them."
            )
        }
        return input
    }

    /// Its one layer.
    public func makeLayers(_ builder: inout LayerBuilder) throws -> [any Layer] {
        [try GroupNormalizationLayer(name: builder.name(self, group: "normalizations"), groups: groups, &builder)]
    }
}

final class GroupNormalizationLayer: Layer {
    let name: String
    let kind: String
    let outputShape: Shape
    private let groups: Int
    private let gamma: Parameter
    private let beta: Parameter
    private let output: Tensor
    /// Mean and 1/σ of each group, image by image.
    private let moments: Tensor
    private var input: Tensor?

    init(name: String, groups: Int, _ builder: inout LayerBuilder) throws(ResourceError) {
        self.name = name
        self.groups = groups
        kind = "GroupNorm \(groups)"
        outputShape = builder.input.shape
        gamma = builder.declare("\(name).weight", [builder.input.channels], role: .scale)
        beta = builder.declare("\(name).bias", [builder.input.channels], role: .shift)
        output = try builder.output(outputShape)
        moments = try builder.output([groups, 2])
    }

    var parameters: [Parameter] { [gamma, beta] }

    private var kernel: GroupNormalization {
        GroupNormalization(pixels: outputShape[0] * outputShape[1], channels: outputShape[2], groups: groups)
    }

    func infer(_ input: Activations, _ context: InferenceContext) -> Activations {
        normalize(input, context) { _ in }
    }

    func forward(_ input: Activations, _ context: TrainingContext) -> Activations {
        self.input = input.tensor
        return context.takingMoments(of: output) { normalize(input, context.inference, finished: $0) }
    }

    private func normalize(
        _ input: Activations, _ context: InferenceContext, finished: (_ images: Range<Int>) -> Void
    ) -> Activations {
        let (gamma, beta) = (context.memory.values(of: gamma), context.memory.values(of: beta))
        context.forEachShare { images in
            for image in images {
                kernel.forward(
                    input.image(image, of: outputShape), gamma: gamma, beta: beta,
                    moments: moments.pointer + image * 2 * groups, output: output.pointer + image * outputShape.count)
                finished(image..<image + 1)
            }
        }
        return Activations(output.first(context.images))
    }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) throws -> Gradient {
        guard let input else { preconditionFailure("backward follows forward") }
        let gammas = context.memory.values(of: gamma)
        let betaOffset = beta.range.lowerBound - gamma.range.lowerBound
        try context.sumGradients(of: parameters) { images, sums in
            for image in images {
                kernel.backward(
                    input.pointer + image * outputShape.count, gamma: gammas,
                    moments: moments.pointer + image * 2 * groups,
                    gradient: outputGradient.completed(image..<image + 1, shape: outputShape), gammaSums: sums,
                    betaSums: sums + betaOffset)
            }
        }
        return outputGradient.finished
    }
}
