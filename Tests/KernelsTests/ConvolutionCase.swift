import Kernels
import Tensors

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

    init(_ problem: ConvolutionProblem, images: Int) {
        self.problem = problem
        self.images = images
        input = randomValues(images * problem.inputCount, seed: 1)
        weights = randomValues(problem.weightCount, seed: 2, scale: 0.1)
        bias = randomValues(problem.outputs, seed: 3)
        scale = randomValues(problem.inputs, seed: 4, scale: 0.2, offset: 1)
        shift = randomValues(problem.inputs, seed: 5, scale: 0.3, offset: 0.2)
        outputGradient = randomValues(images * problem.outputCount, seed: 6)
    }

    /// The output for the images of a range, computed in one call.
    func output(_ choice: ConvolutionChoice, images range: Range<Int>? = nil) -> [Float] {
        let range = range ?? 0..<images
        let algorithm = choice.algorithm(for: problem, workspace: Workspace())
        algorithm.prepare(weights: weights)
        var result = [Float](repeating: .nan, count: range.count * problem.outputCount)
        input.withUnsafeBufferPointer { x in
            algorithm.forward(
                images: range.count, input: x.baseAddress! + range.lowerBound * problem.inputCount,
                activation: InputActivation(scale: pointer(scale), shift: pointer(shift)), bias: bias, output: &result)
        }
        return result
    }

    /// The input and weight gradients over the images of a range, computed in one call.
    func gradients(
        _ choice: ConvolutionChoice, images range: Range<Int>? = nil, addedTo initial: [Float]? = nil
    ) -> (input: [Float], weights: [Float]) {
        let range = range ?? 0..<images
        let algorithm = choice.algorithm(for: problem, workspace: Workspace())
        algorithm.prepare(weights: weights)
        var inputGradient = [Float](repeating: .nan, count: range.count * problem.inputCount)
        var weightGradient = initial ?? [Float](repeating: .nan, count: problem.weightCount)
        input.withUnsafeBufferPointer { x in
            outputGradient.withUnsafeBufferPointer { dy in
                algorithm.backward(
                    images: range.count, input: x.baseAddress! + range.lowerBound * problem.inputCount,
                    activation: InputActivation(scale: pointer(scale), shift: pointer(shift)),
                    outputGradient: dy.baseAddress! + range.lowerBound * problem.outputCount,
                    inputGradient: &inputGradient, weightGradient: &weightGradient, accumulate: initial != nil)
            }
        }
        return (inputGradient, weightGradient)
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
