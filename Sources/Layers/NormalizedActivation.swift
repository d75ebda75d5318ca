import Kernels
import Tensors

/// BN → ReLU on its own: y = max(0, x · scale + shift), the end of the variant with a final activation.
final class NormalizedActivation: Layer {
    let name: String
    let kind = "BN → ReLU"
    let outputShape: Shape
    private let normalization: BatchNormalization
    private let output: Tensor
    private let inputGradient: Tensor
    private var input: Tensor?

    init(name: String, shape: Shape, declaringIn builder: inout NetworkBuilder) {
        self.name = name
        outputShape = shape
        normalization = BatchNormalization(
            prefix: name, channels: shape[2], mode: builder.normalization, declaringIn: &builder)
        output = Tensor(Shape([builder.maximumImages] + shape.dimensions))
        inputGradient = Tensor(Shape([builder.maximumImages] + shape.dimensions))
    }

    var parameters: [Parameter] { [normalization.gamma, normalization.beta] }
    var statistics: [Parameter] { [normalization.runningMean, normalization.runningVariance] }

    private var pixels: Int { outputShape[0] * outputShape[1] }

    func forward(_ input: Tensor, _ pass: Pass) throws -> Tensor {
        self.input = input
        let activation = try normalization.activation(for: input, pixels: pixels, pass)
        Elementwise.activate(
            pixels: pass.images * pixels, channels: outputShape[2], input: input.pointer, activation: activation,
            output: output.pointer)
        return output.first(pass.images)
    }

    func backward(_ outputGradient: Tensor, _ pass: Pass) throws -> Tensor {
        guard let input else { preconditionFailure("backward follows forward") }
        let gradient = inputGradient.first(pass.images)
        gradient.copy(from: outputGradient.first(pass.images))
        try normalization.backward(input: input, pixels: pixels, gradient: gradient, pass)
        return gradient
    }
}
