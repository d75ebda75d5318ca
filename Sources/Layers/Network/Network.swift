import Kernels
import Tensors

/// A replica of the network: its layers in order, their parameters in one flat block.
public final class Network {
    /// The architecture it was built from.
    public let architecture: Architecture
    /// The layers, first to last.
    public let layers: [any Layer]
    /// The names and places of the running statistics.
    public let statisticsTable: ParameterTable
    /// What the layers share.
    public let memory: NetworkMemory
    /// The most images that the layers have room for.
    public let maximumImages: Int
    /// The granules of a global batch.
    let granuleCount: Int
    /// The sums that each layer is asked for, because a batch normalisation of its output starts from them.
    private let outputMoments: [OutputMoments?]
    /// For each layer the next one of backward that has something to prepare.
    private let layersBefore: [(any Layer)?]

    /// Builds a network with zero weights.
    ///
    /// - Parameters:
    ///   - maximumImages: the most images this rank holds of a batch, in training or inference.
    ///   - granuleCount: the granules of a global batch.
    ///   - subtreeCount: the subtrees of granules this rank holds.
    ///   - workers: the threads that share the work.
    ///   - compression: the format to which sums of gradients are rounded.
    /// - Throws: `ArchitectureError` when the shapes are impossible; `ResourceError` when the system refuses the memory or
    ///   the threads.
    public init(
        _ architecture: Architecture, maximumImages: Int, granuleCount: Int = 1, subtreeCount: Int = 1,
        workers: Int = 1, convolution: ConvolutionChoice = .automatic, normalization: NormalizationMode = .synchronized,
        compression: GradientCompression = .single
    ) throws {
        try architecture.validate()
        self.architecture = architecture
        var builder = LayerBuilder(
            architecture, maximumImages: max(1, maximumImages), granuleCount: granuleCount, workers: workers,
            convolution: convolution, normalization: normalization)
        let layers = try builder.makeLayers(architecture.blocks)
        self.layers = layers
        try builder.requireUsedRules()
        statisticsTable = builder.statistics
        memory = try NetworkMemory(
            layers, builder, image: architecture.image, subtreeCount: subtreeCount, compression: compression)
        self.maximumImages = builder.maximumImages
        self.granuleCount = granuleCount
        outputMoments = Self.moments(layers, granuleCount: granuleCount)
        layersBefore = layers.indices.map { index in layers[..<index].last { $0.preparesBackward } }
    }

    /// Weights and gradients.
    public var parameters: ParameterStore { memory.parameters }

    /// The running statistics as one flat block.
    public var statistics: Tensor { memory.statistics }

    /// The threads that share the work of this rank.
    public var pool: WorkerPool { memory.pool }

    /// The sums of each layer's output that whatever stands behind it needs.
    private static func moments(_ layers: [any Layer], granuleCount: Int) -> [OutputMoments?] {
        var isNeeded = false
        var moments: [OutputMoments?] = []
        for layer in layers.reversed() {
            let shape = layer.outputShape
            moments.append(isNeeded && shape.rank == 3 ? OutputMoments(shape, granuleCount: granuleCount) : nil)
            switch layer.inputMoments {
            case .needed: isNeeded = true
            case .unused: isNeeded = false
            case .handedOn: break
            }
        }
        return moments.reversed()
    }

    /// Draws Glorot-uniform weights (U(−l, l), l² = 6 / (fan in + fan out); Glorot and Bengio, 2010), zero biases,
    /// unit scales and unit running variances.
    public func initialize(seed: UInt64) {
        for (index, parameter) in parameters.table.parameters.enumerated() {
            var values = [Float](repeating: parameter.role == .scale ? 1 : 0, count: parameter.shape.count)
            if parameter.role == .weight {
                let shape = parameter.exportedShape
                let taps = shape.dimensions.dropFirst(2).reduce(1, *)
                let limit = (6 / Float((shape[0] + shape[1]) * taps)).squareRoot()
                var stream = RandomStream(seed: seed, purpose: .initialization, sample: index)
                for element in values.indices { values[element] = stream.uniform(-limit, limit) }
            }
            parameter.restore(values, into: parameters.values)
        }
        for parameter in statisticsTable.parameters {
            let start: Float = parameter.name.hasSuffix("running_var") ? 1 : 0
            parameter.restore([Float](repeating: start, count: parameter.shape.count), into: statistics)
        }
    }

    /// The logits of `images` (`[n, height, width, channels]`) without learning, `[n, classes]`.
    public func infer(_ images: Tensor) -> Tensor {
        let count = images.shape[0]
        requireImages(images, count)
        let context = InferenceContext(images: count, memory)
        return layers.reduce(Activations(images)) { $1.infer($0, context) }.tensor
    }

    /// The logits of `images` (`[n, height, width, channels]`) in training, `[n, classes]`.
    public func forward(_ images: Tensor, _ context: TrainingContext) throws -> Tensor {
        requireImages(images, context.images)
        var context = context
        var value = Activations(images)
        for (index, layer) in layers.enumerated() {
            context.observer?.enters(.layer(layer.name, .forward))
            context.outputMoments = outputMoments[index]
            value = try layer.forward(value, context)
        }
        return value.tensor
    }

    /// Goes back from the gradient by the logits. `ready` is called with each layer's run of the flat block as soon as
    /// its partial sums are there, from the end of the block to its start without gaps.
    public func backward(
        from gradient: Tensor, _ context: TrainingContext, ready: (Range<Int>) throws -> Void
    ) throws {
        var context = context
        var value = Gradient(gradient)
        var end = parameters.table.blockCount
        for (index, layer) in layers.enumerated().reversed() {
            context.observer?.enters(.layer(layer.name, .backward))
            context.layerBefore = layersBefore[index]
            value = try layer.backward(value, context)
            if let first = layer.parameters.first {
                try ready(first.range.lowerBound..<end)
                end = first.range.lowerBound
            }
        }
    }

    /// The layers' buffers are for so many images of the architecture's shape.
    private func requireImages(_ images: Tensor, _ count: Int) {
        precondition(
            count <= maximumImages && images.count == count * architecture.image.count,
            "\(images.shape) is no \(count) images of \(architecture.image), at most \(maximumImages)")
    }
}
