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
    private let inputGradient: Tensor
    private let summation: SubtreeSummation
    private let scratch: Tensor
    private var input: Tensor?

    init(inputs: Int, outputs: Int, declaringIn builder: inout NetworkBuilder) {
        self.inputs = inputs
        self.outputs = outputs
        outputShape = [outputs]
        state = builder.state
        weight = builder.parameters.declare("classifier.weight", [outputs, inputs], role: .weight)
        bias = builder.parameters.declare("classifier.bias", [outputs], role: .bias)
        output = Tensor([builder.maximumImages, outputs])
        inputGradient = Tensor([builder.maximumImages, inputs])
        summation = SubtreeSummation(count: Self.blockCount(weight, bias), granuleCount: builder.granuleCount)
        scratch = Tensor([Self.blockCount(weight, bias)])
    }

    /// Weight and bias lie side by side in the flat block and are summed as one run, padding included.
    private static func blockCount(_ weight: Parameter, _ bias: Parameter) -> Int {
        bias.range.upperBound - weight.range.lowerBound
    }

    var parameters: [Parameter] { [weight, bias] }

    func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
        self.input = input
        DenseProduct.forward(
            images: pass.images, inputs: inputs, outputs: outputs, input: input.pointer,
            weights: state.store.values(of: weight), bias: state.store.values(of: bias), output: output.pointer)
        return output.first(pass.images)
    }

    func backward(_ outputGradient: Tensor, _ pass: Pass) -> Tensor {
        guard let input else { preconditionFailure("backward follows forward") }
        let biasOffset = bias.range.lowerBound - weight.range.lowerBound
        for (index, subtree) in pass.subtrees.enumerated() {
            let block = state.store.gradientPartials[index].pointer + weight.range.lowerBound
            summation.sum(subtree, into: block) { granule, target, accumulate in
                let images = pass.images(inGranule: granule)
                let leaf = accumulate ? scratch.pointer : target
                DenseProduct.backward(
                    images: images.count, inputs: inputs, outputs: outputs,
                    input: input.pointer + images.lowerBound * inputs, weights: state.store.values(of: weight),
                    outputGradient: outputGradient.pointer + images.lowerBound * outputs,
                    inputGradient: inputGradient.pointer + images.lowerBound * inputs, weightGradient: leaf,
                    biasGradient: leaf + biasOffset)
                if accumulate { Elementwise.add(leaf, to: target, count: Self.blockCount(weight, bias)) }
            }
        }
        return inputGradient.first(pass.images)
    }
}
