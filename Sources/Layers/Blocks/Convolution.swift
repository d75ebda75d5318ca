import Kernels
import Tensors

/// A convolution as a part of layers: its parameters, its output, and its passes over the images of a rank.
final class Convolution {
    /// The extents of one image's output.
    let outputShape: Shape
    /// The geometry and the way of it.
    let algorithm: any ConvolutionAlgorithm
    private let weight: Parameter
    /// Nil for one without.
    private let bias: Parameter?
    /// Zeros in place of a bias.
    private let noBias: Tensor
    private let output: Tensor
    /// Per worker: the sums of the output gradient over one granule.
    private let biasSums: [UnsafeMutableBufferPointer<Double>]
    private var activation: InputActivation?

    init(
        prefix: String, _ problem: ConvolutionProblem, hasBias: Bool, _ builder: inout LayerBuilder
    ) throws(ResourceError) {
        outputShape = [problem.outputHeight, problem.outputWidth, problem.outputs]
        weight = builder.declare(
            "\(prefix).weight", [problem.kernel, problem.kernel, problem.inputs, problem.outputs], role: .weight,
            layout: .convolution)
        bias = hasBias ? builder.declare("\(prefix).bias", [problem.outputs], role: .bias) : nil
        noBias = Tensor([hasBias ? 0 : problem.outputs])
        algorithm = builder.convolution.algorithm(for: problem)
        output = try builder.output(outputShape)
        biasSums = (0..<builder.workers).map { _ in .allocate(capacity: problem.outputs) }
        builder.reserve(algorithm)
    }

    deinit { for sums in biasSums { sums.deallocate() } }

    var product: LayerProduct { .convolution(algorithm.problem) }
    var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }

    /// Transforms the weights for forward.
    func prepareForward(_ memory: NetworkMemory) {
        let weights = memory.values(of: weight)
        memory.operand.fillForward { operand in
            memory.pool.run { algorithm.prepareForward(weights: weights, operand: operand, share: $0) }
        }
    }

    /// Transforms the weights for a layer's backward, unless that is done.
    func prepareBackward(_ memory: NetworkMemory, for layer: some Layer) {
        let weights = memory.values(of: weight)
        memory.operand.fillBackward(for: layer) { operand in
            memory.pool.run { algorithm.prepareBackward(weights: weights, operand: operand, share: $0) }
        }
    }

    /// The output in training, with the sums that the context asks for; weights are prepared.
    func forward(_ input: Tensor, _ activation: InputActivation, _ context: TrainingContext) -> Activations {
        self.activation = activation
        return context.takingMoments(of: output) { forward(input, activation, context.inference, finished: $0) }
    }

    /// The output; `finished` is called with each run of images while it is still in cache.
    func forward(
        _ input: Tensor, _ activation: InputActivation, _ context: InferenceContext,
        finished: (_ images: Range<Int>) -> Void
    ) -> Activations {
        let memory = context.memory
        let bias = bias.map(memory.values(of:)) ?? noBias.pointer
        memory.pool.run { share in
            let images = context.images(of: share)
            let first = images.lowerBound
            algorithm.forward(
                images: images.count, input: input.pointer + first * algorithm.problem.inputCount,
                activation: activation, operand: memory.operand.workspace, bias: bias,
                output: output.pointer + first * algorithm.problem.outputCount, scratch: memory.scratch[share.index]
            ) { finished(first + $0.lowerBound..<first + $0.upperBound) }
        }
        return Activations(output.first(context.images))
    }

    /// Sums the gradients of the parameters, and writes those by the activated input. `finished` is called with each run of
    /// images whose input gradient is complete, while it is still in cache; communication advances behind it.
    func backward(
        _ outputGradient: Gradient, input: Tensor, inputGradient: Tensor, _ context: TrainingContext,
        finished: (_ share: WorkShare, _ granule: Int, _ images: Range<Int>) -> Void
    ) throws {
        let run = weight.range.lowerBound..<(bias ?? weight).range.upperBound
        try context.memory.summation.sum(run, context) { share, granule, target, accumulate, progress in
            addGranule(
                context.images(inGranule: granule), share, outputGradient, input: input, inputGradient: inputGradient,
                target: target, accumulate: accumulate, context.memory
            ) {
                finished(share, granule, $0)
                progress()
            }
        }
    }

    /// The gradients of the images of one granule.
    private func addGranule(
        _ images: Range<Int>, _ share: WorkShare, _ outputGradient: Gradient, input: Tensor, inputGradient: Tensor,
        target: UnsafeMutablePointer<Float>, accumulate: Bool, _ memory: NetworkMemory, finished: (Range<Int>) -> Void
    ) {
        guard let activation else { preconditionFailure("backward follows forward") }
        let p = algorithm.problem
        let first = images.lowerBound
        let sums = biasSums[share.index].baseAddress!
        sums.initialize(repeating: 0, count: p.outputs)
        algorithm.backward(
            images: images.count, input: input.pointer + first * p.inputCount, activation: activation,
            operand: memory.operand.workspace, outputGradient: outputGradient.from(first * p.outputCount),
            inputGradient: inputGradient.pointer + first * p.inputCount, weightGradient: target,
            accumulate: accumulate, biasSums: sums, scratch: memory.scratch[share.index]
        ) { finished(first + $0.lowerBound..<first + $0.upperBound) }
        guard let bias else { return }
        // The padding between weight and bias must stay zero: the optimiser passes over it.
        let biasOffset = bias.range.lowerBound - weight.range.lowerBound
        if !accumulate { (target + p.weightCount).update(repeating: 0, count: biasOffset - p.weightCount) }
        for k in 0..<p.outputs {
            target[biasOffset + k] = (accumulate ? target[biasOffset + k] : 0) + Float(sums[k])
        }
    }
}

extension ConvolutionProblem {
    /// The layer's kind in the summary.
    var kind: String { "Conv \(kernel)×\(kernel)" + (stride > 1 ? " /\(stride)" : "") }
}
