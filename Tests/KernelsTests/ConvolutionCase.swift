import Kernels
import Tensors
import Testing

/// A convolution problem with data, and what an algorithm makes of it.
struct ConvolutionCase {
    let problem: ConvolutionProblem
    let images: Int
    let input: [Float]
    let weights: [Float]
    let bias: [Float]
    let scale: [Float]
    let shift: [Float]
    let outputGradient: [Float]
    let isCorrected: Bool

    /// Random data, but for what is given.
    init(
        _ problem: ConvolutionProblem, images: Int, isCorrected: Bool = false, weights: [Float]? = nil,
        bias: [Float]? = nil, outputGradient: [Float]? = nil
    ) {
        self.isCorrected = isCorrected
        self.problem = problem
        self.images = images
        input = randomValues(images * problem.inputCount, seed: 1)
        self.weights = weights ?? randomValues(problem.weightCount, seed: 2, scale: 0.1)
        self.bias = bias ?? randomValues(problem.outputs, seed: 3)
        scale = randomValues(problem.inputs, seed: 4, scale: 0.2, offset: 1)
        shift = randomValues(problem.inputs, seed: 5, scale: 0.3, offset: 0.2)
        self.outputGradient = outputGradient ?? randomValues(images * problem.outputCount, seed: 6)
    }

    /// The output for the images of a range, computed in one call.
    func output(_ choice: ConvolutionChoice, images range: Range<Int>? = nil) throws -> [Float] {
        let range = range ?? 0..<images
        let algorithm = choice.algorithm(for: problem)
        let (operand, scratch) = try memory(for: algorithm)
        for worker in 0..<3 {
            algorithm.prepareForward(weights: weights, operand: operand, share: WorkShare(worker, of: 3))
        }
        var result = [Float](repeating: .nan, count: range.count * problem.outputCount)
        var finished: [Range<Int>] = []
        input.withUnsafeBufferPointer { x in
            algorithm.forward(
                images: range.count, input: x.baseAddress! + range.lowerBound * problem.inputCount,
                activation: InputActivation(scale: pointer(scale), shift: pointer(shift)), operand: operand,
                bias: bias, output: &result, scratch: scratch, finished: { finished.append($0) })
        }
        #expect(finished.flatMap { Array($0) } == Array(0..<range.count), "every image is finished once, in order")
        return result
    }

    /// The input and weight gradients over the images of a range, computed in one call.
    func gradients(
        _ choice: ConvolutionChoice, images range: Range<Int>? = nil, addedTo initial: [Float]? = nil
    ) throws -> (input: [Float], weights: [Float], bias: [Double]) {
        let range = range ?? 0..<images
        let algorithm = choice.algorithm(for: problem)
        let (operand, scratch) = try memory(for: algorithm)
        for worker in 0..<3 {
            algorithm.prepareBackward(weights: weights, operand: operand, share: WorkShare(worker, of: 3))
        }
        var biasSums = [Double](repeating: 0, count: problem.outputs)
        var finished: [Range<Int>] = []
        var inputGradient = [Float](repeating: .nan, count: range.count * problem.inputCount)
        var weightGradient = initial ?? [Float](repeating: .nan, count: problem.weightCount)
        input.withUnsafeBufferPointer { x in
            outputGradient.withUnsafeBufferPointer { dy in
                algorithm.backward(
                    images: range.count, input: x.baseAddress! + range.lowerBound * problem.inputCount,
                    activation: InputActivation(scale: pointer(scale), shift: pointer(shift)), operand: operand,
                    outputGradient: gradient(dy.baseAddress!).advanced(by: range.lowerBound * problem.outputCount),
                    inputGradient: &inputGradient, weightGradient: &weightGradient, accumulate: initial != nil,
                    biasSums: &biasSums, scratch: scratch, finished: { finished.append($0) })
            }
        }
        #expect(finished.flatMap { Array($0) } == Array(0..<range.count), "every image is finished once, in order")
        return (inputGradient, weightGradient, biasSums)
    }

    /// The output gradient, with a batch normalisation's last step still to be taken if the case has one.
    private func gradient(_ values: UnsafePointer<Float>) -> OutputGradient {
        guard isCorrected else { return OutputGradient(values) }
        let row = (0..<3).map { pointer(randomValues(problem.outputs, seed: UInt64(10 + $0))) }
        let output = pointer(randomValues(images * problem.outputCount, seed: 13))
        return OutputGradient(
            values,
            correction: OutputGradient.Correction(output: output, scale: row[0], slope: row[1], constant: row[2]))
    }

    private func memory(for algorithm: any ConvolutionAlgorithm) throws -> (operand: Workspace, scratch: Workspace) {
        let (operand, scratch) = (Workspace(), Workspace())
        try operand.reserve(algorithm.operandCount)
        try scratch.reserve(algorithm.scratchCount)
        return (operand, scratch)
    }

    /// A pointer that lives as long as the case's tensors do.
    private func pointer(_ values: [Float]) -> UnsafePointer<Float> {
        UnsafePointer(Tensor([values.count], values: values).retainedPointer)
    }
}

extension Tensor {
    /// Keeps the memory alive for the rest of the test process.
    fileprivate var retainedPointer: UnsafeMutablePointer<Float> {
        _ = Unmanaged.passRetained(memory)
        return pointer
    }
}
