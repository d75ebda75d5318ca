import Kernels
import Tensors

/// The largest element of each 2×2 field: y = max x over the field; the gradient goes to the element that was largest.
final class MaximumPool: NormalizedSource {
    let name: String
    let kind = "MaxPool 2×2"
    let outputShape: Shape
    var outputMoments: OutputMoments?
    private let inputShape: Shape
    private let state: NetworkState
    private let output: Tensor
    /// Which element of each field was largest, 0 to 3.
    private let chosen: Tensor

    init(name: String, inputShape: Shape, _ builder: NetworkBuilder) throws(ResourceError) {
        self.name = name
        self.inputShape = inputShape
        outputShape = [inputShape[0] / 2, inputShape[1] / 2, inputShape[2]]
        state = builder.state
        output = try builder.output(outputShape)
        chosen = try builder.output(outputShape)
        try builder.reserveGradient(inputShape)
    }

    func forward(_ input: Activations, _ pass: Pass) -> Activations {
        let moments = pass.mode == .training ? outputMoments : nil
        moments?.clear()
        state.forEachShare(pass) { images in
            for image in images {
                Pooling.maximumForward(
                    images: 1, height: inputShape[0], width: inputShape[1], channels: inputShape[2],
                    input: input.tensor.pointer + image * inputShape.count,
                    output: output.pointer + image * outputShape.count,
                    chosen: chosen.pointer + image * outputShape.count)
                moments?.add(image..<image + 1, of: output, pass)
            }
        }
        return Activations(output.first(pass.images), moments: moments?.partials(pass))
    }

    func backward(_ outputGradient: Gradient, _ pass: Pass) -> Gradient {
        let inputGradient = state.inputGradient(pass.images, inputShape, besides: outputGradient)
        state.forEachShare(pass) { images in
            for image in images {
                outputGradient.complete(images: image..<image + 1, shape: outputShape)
                Pooling.maximumBackward(
                    images: 1, height: inputShape[0], width: inputShape[1], channels: inputShape[2],
                    outputGradient: outputGradient.tensor.pointer + image * outputShape.count,
                    chosen: chosen.pointer + image * outputShape.count,
                    inputGradient: inputGradient.pointer + image * inputShape.count)
            }
        }
        return Gradient(inputGradient)
    }
}
