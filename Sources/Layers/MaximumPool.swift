import Kernels
import Tensors

/// The largest element of each 2×2 field: y = max x over the field; the gradient goes to the element that was largest.
final class MaximumPool: Layer {
    let name: String
    let kind = "MaxPool 2×2"
    let outputShape: Shape
    private let inputShape: Shape
    private let output: Tensor
    private let inputGradient: Tensor
    private var chosen: [UInt8]

    init(name: String, inputShape: Shape, maximumImages: Int) {
        self.name = name
        self.inputShape = inputShape
        outputShape = [inputShape[0] / 2, inputShape[1] / 2, inputShape[2]]
        output = Tensor(Shape([maximumImages] + outputShape.dimensions))
        inputGradient = Tensor(Shape([maximumImages] + inputShape.dimensions))
        chosen = [UInt8](repeating: 0, count: output.count)
    }

    func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
        Pooling.maximumForward(
            images: pass.images, height: inputShape[0], width: inputShape[1], channels: inputShape[2], window: 2,
            input: input.pointer, output: output.pointer, chosen: &chosen)
        return output.first(pass.images)
    }

    func backward(_ outputGradient: Tensor, _ pass: Pass) -> Tensor {
        Pooling.maximumBackward(
            images: pass.images, height: inputShape[0], width: inputShape[1], channels: inputShape[2], window: 2,
            outputGradient: outputGradient.pointer, chosen: chosen, inputGradient: inputGradient.pointer)
        return inputGradient.first(pass.images)
    }
}
