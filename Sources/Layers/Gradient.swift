import Kernels
import Tensors

/// What one layer hands to the one before it on the way back.
public struct Gradient {
    /// The values, `[images, …]`; final only without a correction.
    public let tensor: Tensor
    /// What is still to be done to every value by whoever reads it.
    let correction: OutputGradient.Correction?

    /// A complete gradient.
    public init(_ tensor: Tensor) {
        self.init(tensor, correction: nil)
    }

    init(_ tensor: Tensor, correction: OutputGradient.Correction?) {
        self.tensor = tensor
        self.correction = correction
    }

    /// The gradient from some element on, for kernels that complete it while reading.
    func from(_ element: Int) -> OutputGradient {
        OutputGradient(tensor.pointer, correction: correction).advanced(by: element)
    }

    /// Completes the values of some images in place.
    func complete(images: Range<Int>, shape: Shape) {
        guard correction != nil else { return }
        let pixels = shape[0] * shape[1]
        let first = images.lowerBound * shape.count
        from(first).complete(
            pixels: images.count * pixels, channels: shape[2], into: tensor.pointer + first, targetStride: shape[2])
    }
}
