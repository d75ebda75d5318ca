import Kernels
import Tensors

/// The mean of each field: y = Σx / window²; every element of a field gets gradient dy / window².
final class AveragePool: NormalizedSource {
    let name: String
    let kind: String
    let outputShape: Shape
    var outputMoments: OutputMoments?
    private let inputShape: Shape
    private let window: Int
    private let state: NetworkState
    private let output: Tensor

    init(name: String, inputShape: Shape, window: Int, _ builder: NetworkBuilder) throws(ResourceError) {
        self.name = name
        self.inputShape = inputShape
        self.window = window
        kind = "AveragePool \(window)×\(window)"
        outputShape = [inputShape[0] / window, inputShape[1] / window, inputShape[2]]
        state = builder.state
        output = try builder.output(outputShape)
        try builder.reserveGradient(inputShape)
    }

    func forward(_ input: Activations, _ pass: Pass) -> Activations {
        let moments = pass.mode == .training ? outputMoments : nil
        moments?.clear()
        state.forEachShare(pass) { images in
            for image in images {
                Pooling.averageForward(
                    images: 1, height: inputShape[0], width: inputShape[1], channels: inputShape[2], window: window,
                    input: input.tensor.pointer + image * inputShape.count,
                    output: output.pointer + image * outputShape.count)
                moments?.add(image..<image + 1, of: output, pass)
            }
        }
        return Activations(output.first(pass.images), moments: moments?.partials(pass))
    }

    func backward(_ outputGradient: Gradient, _ pass: Pass) -> Gradient {
        let inputGradient = state.inputGradient(pass.images, inputShape, besides: outputGradient)
        state.forEachShare(pass) { images in
            outputGradient.complete(images: images, shape: outputShape)
            Pooling.averageBackward(
                images: images.count, height: inputShape[0], width: inputShape[1], channels: inputShape[2],
                window: window, outputGradient: outputGradient.tensor.pointer + images.lowerBound * outputShape.count,
                inputGradient: inputGradient.pointer + images.lowerBound * inputShape.count)
        }
        return Gradient(inputGradient)
    }
}
