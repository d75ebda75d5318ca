import Kernels
import Tensors

/// BN → ReLU on its own: y = max(0, x · scale + shift), the end of the variant with a final activation.
final class NormalizedActivation: Layer {
    let name: String
    let kind = "BN → ReLU"
    let outputShape: Shape
    private let normalization: BatchNormalization
    private let state: NetworkState
    private let output: Tensor
    private var input: Tensor?

    init(name: String, shape: Shape, declaringIn builder: inout NetworkBuilder) throws(ResourceError) {
        self.name = name
        outputShape = shape
        state = builder.state
        normalization = try BatchNormalization(prefix: name, shape: shape, declaringIn: &builder)
        output = try builder.output(shape)
        try builder.reserveGradient(shape)
    }

    var parameters: [Parameter] { [normalization.gamma, normalization.beta] }
    var statistics: [Parameter] { [normalization.runningMean, normalization.runningVariance] }

    func forward(_ input: Activations, _ pass: Pass) throws -> Activations {
        self.input = input.tensor
        try normalization.startForward(input, pass)
        let activation = try normalization.activation(pass)
        state.forEachShare(pass) { images in
            Elementwise.activate(
                pixels: images.count * outputShape[0] * outputShape[1], channels: outputShape[2],
                input: input.tensor.pointer + images.lowerBound * outputShape.count, activation: activation,
                output: output.pointer + images.lowerBound * outputShape.count)
        }
        return Activations(output.first(pass.images))
    }

    func backward(_ outputGradient: Gradient, _ pass: Pass) throws -> Gradient {
        guard let input else { preconditionFailure("backward follows forward") }
        normalization.beginBackward()
        state.forEachShare(pass) { images in
            outputGradient.complete(images: images, shape: outputShape)
            for image in images {
                normalization.addBackward(
                    image..<image + 1, granule: pass.granule(ofImage: image), input: input,
                    gradient: outputGradient.tensor)
            }
        }
        try normalization.startSums(pass)
        return Gradient(outputGradient.tensor, correction: try normalization.finishBackward(input: input, pass))
    }
}
