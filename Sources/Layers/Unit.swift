import Kernels
import Tensors

/// BN → ReLU → Conv: y = conv(max(0, x · scale + shift)) + bias, one pass over memory.
final class Unit: NormalizedSource {
    let name: String
    let kind: String
    let outputShape: Shape
    var outputMoments: OutputMoments?
    /// The unit that comes next in backward.
    weak var unitBefore: Unit?
    /// The geometry and the way of its convolution.
    let algorithm: any ConvolutionAlgorithm
    private let normalization: BatchNormalization
    private let weight: Parameter
    private let bias: Parameter
    private let state: NetworkState
    private let output: Tensor
    /// Per worker: the sums of the output gradient over one granule.
    private let biasSums: [UnsafeMutableBufferPointer<Double>]
    private var input: Tensor?
    private var activation: InputActivation?

    init(index: Int, _ problem: ConvolutionProblem, declaringIn builder: inout NetworkBuilder) throws(ResourceError) {
        name = "units.\(index)"
        kind =
            "BN → ReLU → Conv \(problem.kernel)×\(problem.kernel)" + (problem.stride > 1 ? " /\(problem.stride)" : "")
        outputShape = [problem.outputHeight, problem.outputWidth, problem.outputs]
        state = builder.state
        let inputShape: Shape = [problem.height, problem.width, problem.inputs]
        normalization = try BatchNormalization(prefix: "\(name).bn", shape: inputShape, declaringIn: &builder)
        weight = builder.parameters.declare(
            "\(name).conv.weight", [problem.kernel, problem.kernel, problem.inputs, problem.outputs], role: .weight,
            layout: .convolution)
        bias = builder.parameters.declare("\(name).conv.bias", [problem.outputs], role: .bias)
        algorithm = builder.convolution.algorithm(for: problem)
        output = try builder.output(outputShape)
        biasSums = (0..<state.pool.count).map { _ in .allocate(capacity: problem.outputs) }
        try state.reserve(algorithm)
        try state.summation.reserve(bias.range.upperBound - weight.range.lowerBound)
        try builder.reserveGradient(inputShape)
    }

    deinit { for sums in biasSums { sums.deallocate() } }

    var parameters: [Parameter] { [normalization.gamma, normalization.beta, weight, bias] }
    var statistics: [Parameter] { [normalization.runningMean, normalization.runningVariance] }

    func forward(_ input: Activations, _ pass: Pass) throws -> Activations {
        try normalization.startForward(input, pass)
        prepareForward()
        let activation = try normalization.activation(pass)
        let moments = pass.mode == .training ? outputMoments : nil
        moments?.clear()
        state.pool.run { share in
            let images = pass.images(of: share)
            let first = images.lowerBound
            algorithm.forward(
                images: images.count, input: input.tensor.pointer + first * algorithm.problem.inputCount,
                activation: activation, operand: state.operand, bias: state.store.values(of: bias),
                output: output.pointer + first * algorithm.problem.outputCount, scratch: state.scratch[share.index]
            ) { moments?.add(first + $0.lowerBound..<first + $0.upperBound, of: output, pass) }
        }
        self.input = input.tensor
        self.activation = activation
        return Activations(output.first(pass.images), moments: moments?.partials(pass))
    }

    func backward(_ outputGradient: Gradient, _ pass: Pass) throws -> Gradient {
        guard let input else { preconditionFailure("backward follows forward") }
        let p = algorithm.problem
        let inputGradient = state.inputGradient(
            pass.images, [p.height, p.width, p.inputs], besides: outputGradient)
        let lastGranule = pass.subtrees[pass.subtrees.count - 1].upperBound - 1
        var startOfSums: Result<Void, any Error>?
        normalization.beginBackward()
        prepareBackward()
        try state.summation.sum(weight.range.lowerBound..<bias.range.upperBound, of: state.store, pass) {
            share, granule, target, accumulate, progress in
            let images = pass.images(inGranule: granule)
            addGranule(
                images, share, outputGradient, input: input, inputGradient: inputGradient, target: target,
                accumulate: accumulate
            ) { images in
                normalization.addBackward(images, granule: granule, input: input, gradient: inputGradient)
                // With one worker the sums are complete before the last weight gradient, which then hides their exchange.
                // Granules without images may come before or behind others, so the last one counts, not the last image.
                if share.count == 1, granule == lastGranule, images.upperBound == pass.images {
                    startOfSums = Result { try normalization.startSums(pass) }
                }
                progress()
            }
        }
        try (startOfSums ?? Result { try normalization.startSums(pass) }).get()
        state.preparedForBackward = nil
        unitBefore?.prepareBackward()
        return Gradient(inputGradient, correction: try normalization.finishBackward(input: input, pass))
    }

    /// Transforms the weights for forward.
    private func prepareForward() {
        let weights = state.store.values(of: weight)
        state.preparedForBackward = nil
        state.pool.run { algorithm.prepareForward(weights: weights, operand: state.operand, share: $0) }
    }

    /// Transforms the weights for backward, unless the unit behind has done so while it waited for its sums.
    private func prepareBackward() {
        guard state.preparedForBackward !== self else { return }
        let weights = state.store.values(of: weight)
        state.pool.run { algorithm.prepareBackward(weights: weights, operand: state.operand, share: $0) }
        state.preparedForBackward = self
    }

    /// The gradients of the images of one granule. `finished` is called with each run of images whose input gradient is
    /// complete, while it is still in cache.
    private func addGranule(
        _ images: Range<Int>, _ share: WorkShare, _ outputGradient: Gradient, input: Tensor, inputGradient: Tensor,
        target: UnsafeMutablePointer<Float>, accumulate: Bool, finished: (Range<Int>) -> Void
    ) {
        guard let activation else { preconditionFailure("backward follows forward") }
        let p = algorithm.problem
        let first = images.lowerBound
        let sums = biasSums[share.index].baseAddress!
        sums.initialize(repeating: 0, count: p.outputs)
        algorithm.backward(
            images: images.count, input: input.pointer + first * p.inputCount, activation: activation,
            operand: state.operand, outputGradient: outputGradient.from(first * p.outputCount),
            inputGradient: inputGradient.pointer + first * p.inputCount, weightGradient: target,
            accumulate: accumulate, biasSums: sums, scratch: state.scratch[share.index]
        ) { finished(first + $0.lowerBound..<first + $0.upperBound) }
        // The padding between weight and bias must stay zero: the optimiser passes over it.
        let biasOffset = bias.range.lowerBound - weight.range.lowerBound
        if !accumulate { (target + p.weightCount).update(repeating: 0, count: biasOffset - p.weightCount) }
        for k in 0..<p.outputs {
            target[biasOffset + k] = (accumulate ? target[biasOffset + k] : 0) + Float(sums[k])
        }
    }
}
