/// A fully connected layer; weights `[outputs, inputs]`, images as rows.
public enum DenseProduct {
    /// `output = input · weightsᵀ + bias`.
    public static func forward(
        images: Int, inputs: Int, outputs: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        bias: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        for image in 0..<images {
            for k in 0..<outputs {
                output[image * outputs + k] = bias[k] + dot(input + image * inputs, weights + k * inputs, inputs)
            }
        }
    }

    /// `inputGradient = outputGradient · weights`, and the weight and bias gradients summed over the images in order,
    /// overwriting.
    public static func backward(
        images: Int, inputs: Int, outputs: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
        weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>
    ) {
        weightGradient.update(repeating: 0, count: inputs * outputs)
        biasGradient.update(repeating: 0, count: outputs)
        inputGradient.update(repeating: 0, count: images * inputs)
        for image in 0..<images {
            for k in 0..<outputs {
                let dy = outputGradient[image * outputs + k]
                biasGradient[k] += dy
                addScaled(input + image * inputs, dy, to: weightGradient + k * inputs, inputs)
                addScaled(weights + k * inputs, dy, to: inputGradient + image * inputs, inputs)
            }
        }
    }

    /// Eight partial sums on every processor: this sum runs across lanes, and the result may not depend on their number.
    private static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
        typealias Lanes = SIMD8<Float>
        var sum = Lanes.zero
        var index = 0
        while index + Lanes.scalarCount <= count {
            sum = sum.addingProduct(
                UnsafeRawPointer(a + index).loadUnaligned(as: Lanes.self),
                UnsafeRawPointer(b + index).loadUnaligned(as: Lanes.self))
            index += Lanes.scalarCount
        }
        var total = sum.sum()
        while index < count {
            total = total.addingProduct(a[index], b[index])
            index += 1
        }
        return total
    }

    private static func addScaled(
        _ x: UnsafePointer<Float>, _ factor: Float, to y: UnsafeMutablePointer<Float>, _ count: Int
    ) {
        var index = 0
        while index + vectorWidth <= count {
            (y + index).vector = (y + index).vector.addingProduct((x + index).vector, factor)
            index += vectorWidth
        }
        while index < count {
            y[index] = y[index].addingProduct(x[index], factor)
            index += 1
        }
    }
}
