import Kernels
import Tensors

/// Fully connected: y = x Wᵀ + b with W `[outputs, inputs]`.
final class Dense: Layer {
    let name = "classifier"
    let kind = "Dense"
    let outputShape: Shape
    private let inputs: Int
    private let outputs: Int
    private let weight: Parameter
    private let bias: Parameter
    private let state: NetworkState
    private let output: Tensor
    /// Per worker: the sums of one granule before they are added to others.
    private let granuleSums: [Tensor]
    private var input: Tensor?

    init(inputs: Int, outputs: Int, declaringIn builder: inout NetworkBuilder) throws(ResourceError) {
        self.inputs = inputs
        self.outputs = outputs
        outputShape = [outputs]
        state = builder.state
        weight = builder.parameters.declare("classifier.weight", [outputs, inputs], role: .weight)
        bias = builder.parameters.declare("classifier.bias", [outputs], role: .bias)
        output = try builder.output(outputShape)
        let count = bias.range.upperBound - weight.range.lowerBound
        granuleSums = try (0..<state.pool.count).map { _ throws(ResourceError) in try Tensor(allocating: [count]) }
        try state.summation.reserve(count)
        try builder.reserveGradient([inputs])
    }

    var parameters: [Parameter] { [weight, bias] }

    func forward(_ input: Activations, _ pass: Pass) -> Activations {
        self.input = input.tensor
        state.forEachShare(pass) { images in
            DenseProduct.forward(
                images: images.count, inputs: inputs, outputs: outputs,
                input: input.tensor.pointer + images.lowerBound * inputs, weights: state.store.values(of: weight),
                bias: state.store.values(of: bias), output: output.pointer + images.lowerBound * outputs)
        }
        return Activations(output.first(pass.images))
    }

    func backward(_ outputGradient: Gradient, _ pass: Pass) throws -> Gradient {
        guard let input else { preconditionFailure("backward follows forward") }
        let inputGradient = state.inputGradient(pass.images, [inputs], besides: outputGradient)
        // Weight and bias lie side by side in the flat block and are summed as one run, padding included.
        let run = weight.range.lowerBound..<bias.range.upperBound
        let biasOffset = bias.range.lowerBound - weight.range.lowerBound
        try state.summation.sum(run, of: state.store, pass) { share, granule, target, accumulate, _ in
            let images = pass.images(inGranule: granule)
            let sums = granuleSums[share.index].pointer
            DenseProduct.backward(
                images: images.count, inputs: inputs, outputs: outputs,
                input: input.pointer + images.lowerBound * inputs, weights: state.store.values(of: weight),
                outputGradient: outputGradient.tensor.pointer + images.lowerBound * outputs,
                inputGradient: inputGradient.pointer + images.lowerBound * inputs, weightGradient: sums,
                biasGradient: sums + biasOffset)
            if accumulate {
                Elementwise.add(sums, to: target, count: run.count)
            } else {
                target.update(from: sums, count: run.count)
            }
        }
        return Gradient(inputGradient)
    }
}
