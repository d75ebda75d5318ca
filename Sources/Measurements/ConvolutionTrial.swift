import Kernels
import Reports
import Tensors

/// One convolution by one algorithm on random data that depends on the geometry alone, so that results of different
/// algorithms can be compared.
package final class ConvolutionTrial {
    /// The geometry.
    package let problem: ConvolutionProblem
    private let algorithm: any ConvolutionAlgorithm
    private let images: Int
    private let input: Tensor
    private let weights: Tensor
    private let bias: Tensor
    private let scale: Tensor
    private let shift: Tensor
    private let outputGradient: Tensor
    private let output: Tensor
    private let inputGradient: Tensor
    private let weightGradient: Tensor
    private let biasSums: UnsafeMutableBufferPointer<Double>
    private let forwardOperand = Workspace()
    private let backwardOperand = Workspace()
    private let scratch = Workspace()

    deinit { biasSums.deallocate() }

    /// Draws the data and prepares the weights.
    ///
    /// - Throws: `ResourceError` when the system refuses the memory.
    package init(_ problem: ConvolutionProblem, images: Int, by choice: ConvolutionChoice) throws(ResourceError) {
        self.problem = problem
        self.images = images
        input = try Self.draws([images, problem.height, problem.width, problem.inputs], sample: 0)
        weights = try Self.draws(
            [problem.kernel, problem.kernel, problem.inputs, problem.outputs], sample: 1, scale: 0.1)
        bias = try Self.draws([problem.outputs], sample: 2)
        scale = try Self.draws([problem.inputs], sample: 3, scale: 0.2, offset: 1)
        shift = try Self.draws([problem.inputs], sample: 4, scale: 0.3, offset: 0.2)
        let outputShape: Shape = [images, problem.outputHeight, problem.outputWidth, problem.outputs]
        outputGradient = try Self.draws(outputShape, sample: 5)
        output = try Tensor(allocating: outputShape)
        inputGradient = try Tensor(allocating: input.shape)
        weightGradient = try Tensor(allocating: weights.shape)
        biasSums = .allocate(capacity: problem.outputs)
        biasSums.initialize(repeating: 0)
        algorithm = choice.algorithm(for: problem)
        try forwardOperand.reserve(algorithm.operandCount)
        try backwardOperand.reserve(algorithm.operandCount)
        try scratch.reserve(algorithm.scratchCount)
        algorithm.prepareForward(weights: weights.pointer, operand: forwardOperand, share: .whole)
        algorithm.prepareBackward(weights: weights.pointer, operand: backwardOperand, share: .whole)
    }

    private var activation: InputActivation { InputActivation(scale: scale.pointer, shift: shift.pointer) }

    /// What the last forward or backward computed.
    package func values(of result: ConvolutionResult) -> [Float] {
        switch result {
        case .output: output.values
        case .inputGradient: inputGradient.values
        case .weightGradient: weightGradient.values
        }
    }

    /// Computes the output or both gradients, and returns the seconds it took.
    package func run(_ pass: KernelPass) -> Double {
        precondition(pass == .forward || pass == .backward, "a convolution runs forward or backward")
        let start = MonotonicClock.seconds
        if pass == .forward { forward() } else { backward() }
        return MonotonicClock.seconds - start
    }

    private func forward() {
        algorithm.forward(
            images: images, input: input.pointer, activation: activation, operand: forwardOperand,
            bias: bias.pointer, output: output.pointer, scratch: scratch, finished: { _ in })
    }

    private func backward() {
        algorithm.backward(
            images: images, input: input.pointer, activation: activation, operand: backwardOperand,
            outputGradient: OutputGradient(outputGradient.pointer), inputGradient: inputGradient.pointer,
            weightGradient: weightGradient.pointer, accumulate: false, biasSums: biasSums.baseAddress!,
            scratch: scratch, finished: { _ in })
    }

    private static func draws(_ shape: Shape, sample: Int, scale: Float = 1, offset: Float = 0)
        throws(ResourceError) -> Tensor
    {
        var stream = RandomStream(seed: 1, purpose: .synthetic, sample: sample)
        let tensor = try Tensor(allocating: shape)
        for element in 0..<shape.count { tensor.pointer[element] = offset + scale * stream.normal() }
        return tensor
    }
}
