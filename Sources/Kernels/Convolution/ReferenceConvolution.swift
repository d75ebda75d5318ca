import Tensors

/// Convolution by its definition, in plain loops and double precision: slow, and what the fast ones are held to.
package final class ReferenceConvolution: ConvolutionAlgorithm {
    package let problem: ConvolutionProblem
    /// The operand is the weights as they are.
    package var operandCount: Int { problem.weightCount }
    /// The complete output gradient of an image.
    package var scratchCount: Int { problem.outputCount }

    /// The reference for a problem of any geometry.
    package init(_ problem: ConvolutionProblem) {
        self.problem = problem
    }

    package func prepareForward(weights: UnsafePointer<Float>, operand: Workspace, share: WorkShare) {
        let range = share.range(of: problem.weightCount)
        (operand.pointer + range.lowerBound).update(from: weights + range.lowerBound, count: range.count)
    }

    package func prepareBackward(weights: UnsafePointer<Float>, operand: Workspace, share: WorkShare) {
        prepareForward(weights: weights, operand: operand, share: share)
    }

    package func forward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, operand: Workspace,
        bias: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, scratch: Workspace,
        finished: (Range<Int>) -> Void
    ) {
        let p = problem
        let weights = operand.pointer
        for image in 0..<images {
            let y = output + image * p.outputCount
            var sums = [Double](repeating: 0, count: p.outputCount)
            forEachTap { position, tap, pixel in
                for c in 0..<p.inputs {
                    let x = Double(activation.apply(input[image * p.inputCount + pixel + c], channel: c))
                    for k in 0..<p.outputs {
                        sums[position + k] += x * Double(weights[(tap * p.inputs + c) * p.outputs + k])
                    }
                }
            }
            for index in 0..<p.outputCount { y[index] = Float(sums[index] + Double(bias[index % p.outputs])) }
        }
        finished(0..<images)
    }

    package func backward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, operand: Workspace,
        outputGradient: OutputGradient, inputGradient: UnsafeMutablePointer<Float>,
        weightGradient: UnsafeMutablePointer<Float>, accumulate: Bool, biasSums: UnsafeMutablePointer<Double>,
        scratch: Workspace, finished: (Range<Int>) -> Void
    ) {
        let p = problem
        let (weights, dy) = (operand.pointer, scratch.pointer)
        var weightSums = [Double](repeating: 0, count: p.weightCount)
        for image in 0..<images {
            outputGradient.advanced(by: image * p.outputCount).complete(
                pixels: p.outputHeight * p.outputWidth, channels: p.outputs, into: dy, targetStride: p.outputs)
            for index in 0..<p.outputCount { biasSums[index % p.outputs] += Double(dy[index]) }
            var inputSums = [Double](repeating: 0, count: p.inputCount)
            forEachTap { position, tap, pixel in
                for c in 0..<p.inputs {
                    let x = Double(activation.apply(input[image * p.inputCount + pixel + c], channel: c))
                    var dx = 0.0
                    for k in 0..<p.outputs {
                        let index = (tap * p.inputs + c) * p.outputs + k
                        let gradient = Double(dy[position + k])
                        weightSums[index] += x * gradient
                        dx += gradient * Double(weights[index])
                    }
                    inputSums[pixel + c] += dx
                }
            }
            for index in 0..<p.inputCount { inputGradient[image * p.inputCount + index] = Float(inputSums[index]) }
        }
        for index in 0..<p.weightCount {
            weightGradient[index] = (accumulate ? weightGradient[index] : 0) + Float(weightSums[index])
        }
        finished(0..<images)
    }

    /// Calls `body` with the first output element of a position, the filter tap, and the first input element under it.
    private func forEachTap(_ body: (_ position: Int, _ tap: Int, _ pixel: Int) -> Void) {
        let p = problem
        for row in 0..<p.outputHeight {
            for column in 0..<p.outputWidth {
                for tap in 0..<p.kernel * p.kernel {
                    let y = row * p.stride + tap / p.kernel - p.padding
                    let x = column * p.stride + tap % p.kernel - p.padding
                    guard y >= 0, y < p.height, x >= 0, x < p.width else { continue }
                    body((row * p.outputWidth + column) * p.outputs, tap, (y * p.width + x) * p.inputs)
                }
            }
        }
    }
}
