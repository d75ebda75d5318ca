import Kernels
import Tensors

/// The memory the layers of one network share. Filled in once all layers have declared their parameters.
final class NetworkState {
    /// Weights and gradients.
    var store: ParameterStore!
    /// The flat block of running statistics.
    var statistics: Tensor!
    /// The threads of this rank.
    let pool: WorkerPool
    /// The transformed weights of the layer at work.
    let operand = Workspace()
    /// The layer whose weights lie in `operand`, transformed for backward.
    weak var preparedForBackward: (any Layer)?
    /// Scratch memory of the kernels, one a worker.
    let scratch: [Workspace]
    /// The sums of gradients over granules.
    let summation: GradientSummation
    /// The gradient a layer reads and the one it writes.
    private var gradients = (Tensor([0]), Tensor([0]))

    init(workers: Int, granuleCount: Int, compression: GradientCompression) throws(ResourceError) {
        pool = try WorkerPool(workers)
        scratch = (0..<workers).map { _ in Workspace() }
        summation = GradientSummation(pool: pool, granuleCount: granuleCount, compression: compression)
    }

    /// Makes room for what a convolution needs.
    func reserve(_ algorithm: any ConvolutionAlgorithm) throws(ResourceError) {
        try operand.reserve(algorithm.operandCount)
        for workspace in scratch { try workspace.reserve(algorithm.scratchCount) }
    }

    /// Makes room for gradients of `count` elements.
    func reserveGradient(_ count: Int) throws(ResourceError) {
        guard gradients.0.count < count else { return }
        gradients = (try Tensor(allocating: [count]), try Tensor(allocating: [count]))
    }

    /// The buffer for a layer's input gradient: the one its output gradient is not in.
    func inputGradient(_ images: Int, _ shape: Shape, besides outputGradient: Gradient) -> Tensor {
        let isFirst = outputGradient.tensor.pointer == gradients.0.pointer
        let buffer = isFirst ? gradients.1 : gradients.0
        return buffer.reshaped(Shape([images] + shape.dimensions))
    }

    /// Calls `body` in every worker with its part of the pass's images.
    func forEachShare(_ pass: Pass, _ body: (Range<Int>) -> Void) {
        pool.run { body(pass.images(of: $0)) }
    }
}
