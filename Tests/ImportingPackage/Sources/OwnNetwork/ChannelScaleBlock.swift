import LockstepTraining

/// A layer of one's own: every channel times a factor that is learnt.
public struct ChannelScaleBlock: Block {
    /// Its word in files.
    public static let kind = "channel-scale"
    /// Its name, if it has one of its own.
    public var name: String?

    /// A factor for each channel, one at first.
    public init(name: String? = nil) {
        self.name = name
    }

    /// As large as what arrives.
    public func outputShape(of input: ImageShape, classes: Int) -> ImageShape { input }

    /// Its one layer.
    public func makeLayers(_ builder: inout LayerBuilder) throws -> [any Layer] {
        [try ChannelScaleLayer(name: builder.name(self, group: "scales"), &builder)]
    }
}

private final class ChannelScaleLayer: Layer {
    let name: String
    let kind = "Scale"
    let outputShape: Shape
    private let factors: Parameter
    private let output: Tensor
    private var input: Tensor?

    init(name: String, _ builder: inout LayerBuilder) throws {
        self.name = name
        outputShape = builder.input.shape
        factors = builder.declare("\(name).weight", [builder.input.channels], role: .scale)
        output = try builder.output(outputShape)
    }

    var parameters: [Parameter] { [factors] }

    func infer(_ input: Activations, _ context: InferenceContext) -> Activations {
        self.input = input.tensor
        let (x, factor) = (input.tensor.pointer, context.memory.values(of: factors))
        context.forEachShare { images in
            for element in images.lowerBound * outputShape.count..<images.upperBound * outputShape.count {
                output.pointer[element] = factor[element % outputShape[2]] * x[element]
            }
        }
        return Activations(output.first(context.images))
    }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) throws -> Gradient {
        guard let input else { preconditionFailure("backward follows forward") }
        let factor = context.memory.values(of: factors)
        try context.sumGradients(of: [factors]) { images, sums in
            let gradient = outputGradient.completed(images, shape: outputShape)
            let x = input.pointer + images.lowerBound * outputShape.count
            for element in 0..<images.count * outputShape.count {
                let channel = element % outputShape[2]
                sums[channel] += gradient[element] * x[element]
                gradient[element] *= factor[channel]
            }
        }
        return outputGradient.finished
    }
}
