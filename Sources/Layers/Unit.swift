import Kernels
import Tensors

/// BN → ReLU → Conv: y = conv(max(0, x · scale + shift)) + bias, one pass over memory.
final class Unit: Layer {
    let name: String
    let kind: String
    let outputShape: Shape
    private let problem: ConvolutionProblem
    private let normalization: BatchNormalization
    private let weight: Parameter
    private let bias: Parameter
    private let algorithm: any ConvolutionAlgorithm
    private let state: NetworkState
    private let output: Tensor
    private let inputGradient: Tensor
    private let summation: SubtreeSummation
    private var input: Tensor?
    private var activation: InputActivation?

    init(index: Int, _ problem: ConvolutionProblem, declaringIn builder: inout NetworkBuilder) {
        self.problem = problem
        name = "units.\(index)"
        kind =
            "BN → ReLU → Conv \(problem.kernel)×\(problem.kernel)" + (problem.stride > 1 ? " /\(problem.stride)" : "")
        outputShape = [problem.outputHeight, problem.outputWidth, problem.outputs]
        state = builder.state
        normalization = BatchNormalization(
            prefix: "\(name).bn", channels: problem.inputs, mode: builder.normalization, declaringIn: &builder)
        weight = builder.parameters.declare(
            "\(name).conv.weight", [problem.kernel, problem.kernel, problem.inputs, problem.outputs], role: .weight,
            layout: .convolution)
        bias = builder.parameters.declare("\(name).conv.bias", [problem.outputs], role: .bias)
        algorithm = builder.convolution.algorithm(for: problem, workspace: builder.state.workspace)
        output = Tensor([builder.maximumImages, problem.outputHeight, problem.outputWidth, problem.outputs])
        inputGradient = Tensor([builder.maximumImages, problem.height, problem.width, problem.inputs])
        summation = SubtreeSummation(count: problem.weightCount, granuleCount: builder.granuleCount)
    }

    var parameters: [Parameter] { [normalization.gamma, normalization.beta, weight, bias] }
    var statistics: [Parameter] { [normalization.runningMean, normalization.runningVariance] }

    func prepare() {
        algorithm.prepare(weights: state.store.values(of: weight))
    }

    func forward(_ input: Tensor, _ pass: Pass) throws -> Tensor {
        let activation = try normalization.activation(for: input, pixels: problem.height * problem.width, pass)
        algorithm.forward(
            images: pass.images, input: input.pointer, activation: activation, bias: state.store.values(of: bias),
            output: output.pointer)
        self.input = input
        self.activation = activation
        return output.first(pass.images)
    }

    func backward(_ outputGradient: Tensor, _ pass: Pass) throws -> Tensor {
        guard let input, let activation else { preconditionFailure("backward follows forward") }
        let p = problem
        for (index, subtree) in pass.subtrees.enumerated() {
            let block = state.store.gradientPartials[index].pointer
            summation.sum(subtree, into: block + weight.range.lowerBound) { granule, target, accumulate in
                let images = pass.images(inGranule: granule)
                algorithm.backward(
                    images: images.count, input: input.pointer + images.lowerBound * p.inputCount,
                    activation: activation,
                    outputGradient: outputGradient.pointer + images.lowerBound * p.outputCount,
                    inputGradient: inputGradient.pointer + images.lowerBound * p.inputCount, weightGradient: target,
                    accumulate: accumulate)
            }
            let biasSums = SubtreeSummation.sum(subtree) { granule -> [Float] in
                let images = pass.images(inGranule: granule)
                var sums = [Double](repeating: 0, count: p.outputs)
                ChannelSums.sums(
                    pixels: images.count * p.outputHeight * p.outputWidth, channels: p.outputs,
                    outputGradient.pointer + images.lowerBound * p.outputCount, sums: &sums)
                return sums.map { Float($0) }
            }
            for k in 0..<p.outputs { block[bias.range.lowerBound + k] = biasSums[k] }
        }
        try normalization.backward(
            input: input, pixels: p.height * p.width, gradient: inputGradient.first(pass.images), pass)
        return inputGradient.first(pass.images)
    }
}
