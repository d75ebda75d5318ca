/// Convolution by its definition, in plain loops and double precision: slow, and what the fast ones are held to.
package final class ReferenceConvolution: ConvolutionAlgorithm {
    package let problem: ConvolutionProblem
    private var weights: [Float]

    /// The reference for a problem of any geometry.
    package init(_ problem: ConvolutionProblem) {
        self.problem = problem
        weights = [Float](repeating: 0, count: problem.weightCount)
    }

    package func prepare(weights: UnsafePointer<Float>) {
        for index in 0..<problem.weightCount { self.weights[index] = weights[index] }
    }

    package func forward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, bias: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        let p = problem
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
    }

    package func backward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, outputGradient: UnsafePointer<Float>,
        inputGradient: UnsafeMutablePointer<Float>, weightGradient: UnsafeMutablePointer<Float>, accumulate: Bool
    ) {
        let p = problem
        var weightSums = [Double](repeating: 0, count: p.weightCount)
        for image in 0..<images {
            let dy = outputGradient + image * p.outputCount
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
