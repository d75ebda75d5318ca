import Kernels
import Tensors

/// The memory that the layers of one network share, and the threads that work in it.
public final class NetworkMemory {
    /// Weights and gradients.
    public let parameters: ParameterStore
    /// The flat block of running statistics.
    public let statistics: Tensor
    /// The threads of this rank.
    public let pool: WorkerPool
    /// The transformed weights of the layer at work.
    let operand: SharedOperand
    /// Scratch memory of the kernels, one a worker.
    let scratch: [Workspace]
    /// The sums of gradients over granules.
    let summation: GradientSummation
    /// The gradient a layer reads and the one it writes.
    private let gradients: (Tensor, Tensor)

    /// Room for `layers` and what they have declared in `builder`.
    ///
    /// - Parameters:
    ///   - subtreeCount: the subtrees of granules this rank holds.
    ///   - compression: the format to which sums of gradients are rounded.
    /// - Throws: `ResourceError` when the system refuses the memory or the threads.
    init(
        _ layers: [any Layer], _ builder: LayerBuilder, image: ImageShape, subtreeCount: Int,
        compression: GradientCompression
    ) throws(ResourceError) {
        pool = try WorkerPool(builder.workers)
        parameters = try ParameterStore(table: builder.parameters, subtreeCount: subtreeCount)
        statistics = try Tensor(allocating: [builder.statistics.blockCount])
        operand = try SharedOperand(count: builder.operandCount)
        scratch = (0..<builder.workers).map { _ in Workspace() }
        for workspace in scratch { try workspace.reserve(builder.scratchCount) }
        // A layer sums its parameters' gradients at once, or some that lie side by side.
        let runs = layers.compactMap { layer in
            layer.parameters.last.map { $0.range.upperBound - layer.parameters[0].range.lowerBound }
        }
        summation = try GradientSummation(
            pool: pool, granuleCount: builder.granuleCount, compression: compression, largestRun: runs.max() ?? 0)
        // What a layer takes is an image, or what another one gives.
        let count = builder.maximumImages * layers.reduce(image.count) { max($0, $1.outputShape.count) }
        gradients = (try Tensor(allocating: [count]), try Tensor(allocating: [count]))
    }

    /// The values of one parameter.
    public func values(of parameter: Parameter) -> UnsafeMutablePointer<Float> { parameters.values(of: parameter) }

    /// The values of one running statistic.
    func statistic(_ parameter: Parameter) -> UnsafeMutablePointer<Float> {
        statistics.pointer + parameter.range.lowerBound
    }

    /// The buffer for a layer's input gradient: the one its output gradient is not in.
    public func inputGradient(_ images: Int, _ shape: Shape, besides outputGradient: Gradient) -> Tensor {
        let isFirst = outputGradient.tensor.pointer == gradients.0.pointer
        let buffer = isFirst ? gradients.1 : gradients.0
        return buffer.reshaped(Shape([images] + shape.dimensions))
    }
}

/// One buffer for the transformed weights of whichever layer is at work, so that it serves all and stays in cache.
final class SharedOperand {
    /// The buffer.
    let workspace = Workspace()
    /// The layer whose weights lie in it, transformed for backward.
    private var holder: ObjectIdentifier?

    /// A buffer of `count` floats.
    init(count: Int) throws(ResourceError) { try workspace.reserve(count) }

    /// Fills the buffer for a forward pass.
    func fillForward(_ fill: (Workspace) -> Void) {
        holder = nil
        fill(workspace)
    }

    /// Fills the buffer for a layer's backward pass, unless that was done while the layer behind waited for its sums.
    func fillBackward(for layer: some Layer, _ fill: (Workspace) -> Void) {
        guard holder != ObjectIdentifier(layer) else { return }
        fill(workspace)
        holder = ObjectIdentifier(layer)
    }

    /// The layer is done with it: the weights will change before its next backward.
    func endBackward() { holder = nil }
}
