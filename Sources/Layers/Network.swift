import Foundation
import Kernels
import Tensors

/// A replica of the network: its layers in order, their parameters in one flat block.
public final class Network {
    /// The architecture it was built from.
    public let architecture: Architecture
    /// The layers, first to last.
    public let layers: [any Layer]
    /// Weights and gradients.
    public let parameters: ParameterStore
    /// The names and places of the running statistics.
    public let statisticsTable: ParameterTable
    /// The running statistics as one flat block.
    public let statistics: Tensor
    private let state: NetworkState

    /// Builds a network with zero weights.
    ///
    /// - Parameters:
    ///   - maximumImages: the most images this rank holds of a batch, in training or evaluation.
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
        var builder = NetworkBuilder(
            state: try NetworkState(workers: workers, granuleCount: granuleCount, compression: compression),
            maximumImages: max(1, maximumImages),
            granuleCount: granuleCount, convolution: convolution,
            normalization: normalization)
        layers = try Self.makeLayers(architecture, &builder)
        parameters = try ParameterStore(table: builder.parameters, subtreeCount: subtreeCount)
        statisticsTable = builder.statistics
        statistics = try Tensor(allocating: [builder.statistics.blockCount])
        state = builder.state
        state.store = parameters
        state.statistics = statistics
        Self.linkMoments(layers, granuleCount: granuleCount)
        let units = layers.compactMap { $0 as? Unit }
        for (unit, next) in zip(units, units.dropFirst()) { next.unitBefore = unit }
    }

    /// The threads that share the work of this rank.
    public var pool: WorkerPool { state.pool }

    /// Lets layers take the sums of a batch normalisation right behind them.
    private static func linkMoments(_ layers: [any Layer], granuleCount: Int) {
        for (layer, next) in zip(layers, layers.dropFirst()) where next is Unit || next is NormalizedActivation {
            guard let source = layer as? any NormalizedSource else { continue }
            source.outputMoments = OutputMoments(layer.outputShape, granuleCount: granuleCount)
        }
    }

    private static func makeLayers(_ architecture: Architecture, _ builder: inout NetworkBuilder) throws(ResourceError)
        -> [any Layer]
    {
        var layers: [any Layer] = []
        var side = architecture.imageSide
        var channels = architecture.imageChannels
        var units = 0
        func addUnit(width: Int, stride: Int, _ builder: inout NetworkBuilder) throws(ResourceError) {
            let problem = ConvolutionProblem(
                height: side, width: side, inputs: channels, outputs: width, stride: stride)
            layers.append(try Unit(index: units, problem, declaringIn: &builder))
            (side, channels, units) = (problem.outputHeight, width, units + 1)
        }
        for (index, stage) in architecture.stages.enumerated() {
            if index > 0 {
                let shape: Shape = [side, side, channels]
                switch architecture.pooling {
                case .max:
                    layers.append(try MaximumPool(name: "pool.\(index - 1)", inputShape: shape, builder))
                case .average:
                    layers.append(try AveragePool(name: "pool.\(index - 1)", inputShape: shape, window: 2, builder))
                case .strided: try addUnit(width: channels, stride: 2, &builder)
                }
                if architecture.pooling != .strided { side /= 2 }
            }
            for _ in 0..<stage.units { try addUnit(width: stage.width, stride: 1, &builder) }
        }
        let shape: Shape = [side, side, channels]
        if architecture.finalActivation {
            layers.append(try NormalizedActivation(name: "final_bn", shape: shape, declaringIn: &builder))
        }
        layers.append(try Dropout(rate: architecture.dropout, shape: shape, builder))
        layers.append(try AveragePool(name: "average", inputShape: shape, window: side, builder))
        layers.append(try Dense(inputs: channels, outputs: architecture.classes, declaringIn: &builder))
        return layers
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

    /// The logits of `images` (`[n, side, side, channels]`), `[n, classes]`.
    public func forward(_ images: Tensor, _ pass: Pass) throws -> Tensor {
        precondition(
            images.count == pass.images * architecture.image.count, "\(images.shape) is no \(pass.images) images")
        var value = Activations(images)
        for layer in layers {
            pass.enter?(layer.name, .forward)
            value = try layer.forward(value, pass)
        }
        return value.tensor
    }

    /// Goes back from the gradient by the logits. `ready` is called with each layer's run of the flat block as soon as
    /// its partial sums are there, from the end of the block to its start without gaps.
    public func backward(from gradient: Tensor, _ pass: Pass, ready: (Range<Int>) throws -> Void) throws {
        var value = Gradient(gradient)
        var end = parameters.table.blockCount
        for layer in layers.reversed() {
            pass.enter?(layer.name, .backward)
            value = try layer.backward(value, pass)
            if let first = layer.parameters.first {
                try ready(first.range.lowerBound..<end)
                end = first.range.lowerBound
            }
        }
    }
}
