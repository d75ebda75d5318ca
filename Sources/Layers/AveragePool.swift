import Kernels
import Tensors

/// The mean of each field: y = Σx / window²; every element of a field gets gradient dy / window².
final class AveragePool: Layer {
    let name: String
    let kind: String
    let outputShape: Shape
    private let inputShape: Shape
    private let window: Int
    private let output: Tensor
    private let inputGradient: Tensor

    init(name: String, inputShape: Shape, window: Int, maximumImages: Int) {
        self.name = name
        self.inputShape = inputShape
        self.window = window
        kind = "AveragePool \(window)×\(window)"
        outputShape = [inputShape[0] / window, inputShape[1] / window, inputShape[2]]
        output = Tensor(Shape([maximumImages] + outputShape.dimensions))
        inputGradient = Tensor(Shape([maximumImages] + inputShape.dimensions))
    }

    func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
        Pooling.averageForward(
            images: pass.images, height: inputShape[0], width: inputShape[1], channels: inputShape[2], window: window,
            input: input.pointer, output: output.pointer)
        return output.first(pass.images)
    }

    func backward(_ outputGradient: Tensor, _ pass: Pass) -> Tensor {
        Pooling.averageBackward(
            images: pass.images, height: inputShape[0], width: inputShape[1], channels: inputShape[2], window: window,
            outputGradient: outputGradient.pointer, inputGradient: inputGradient.pointer)
        return inputGradient.first(pass.images)
    }
}
