/// Pooling over square windows that do not overlap, NHWC.
public enum Pooling {
    /// The mean of each `window`×`window` field. `input` is `[images, height, width, channels]`.
    public static func averageForward(
        images: Int, height: Int, width: Int, channels: Int, window: PoolWindow, input: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        let factor = 1 / Float(window.height * window.width)
        forEachField(images, height, width, channels, window) { source, target in
            var c = 0
            while c + vectorWidth <= channels {
                var sum = Vector.zero
                for row in 0..<window.height {
                    for column in 0..<window.width {
                        sum += (input + source + (row * width + column) * channels + c).vector
                    }
                }
                (output + target + c).vector = sum * factor
                c += vectorWidth
            }
            while c < channels {
                var sum: Float = 0
                for row in 0..<window.height {
                    for column in 0..<window.width { sum += input[source + (row * width + column) * channels + c] }
                }
                output[target + c] = sum * factor
                c += 1
            }
        }
    }

    /// Spreads each output gradient evenly over its field.
    public static func averageBackward(
        images: Int, height: Int, width: Int, channels: Int, window: PoolWindow, outputGradient: UnsafePointer<Float>,
        inputGradient: UnsafeMutablePointer<Float>
    ) {
        let factor = 1 / Float(window.height * window.width)
        forEachField(images, height, width, channels, window) { source, target in
            for row in 0..<window.height {
                for column in 0..<window.width {
                    let dx = inputGradient + source + (row * width + column) * channels
                    for c in 0..<channels { dx[c] = outputGradient[target + c] * factor }
                }
            }
        }
    }

    /// The largest element of each 2×2 field; `chosen` remembers which (the first of equals), `row · 2 + column`,
    /// as a `Float`: only comparisons of those become single instructions.
    public static func maximumForward(
        images: Int, height: Int, width: Int, channels: Int, input: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, chosen: UnsafeMutablePointer<Float>
    ) {
        forEachField(images, height, width, channels, PoolWindow(height: 2, width: 2)) { source, target in
            let (x, y, number) = (input + source, output + target, chosen + target)
            let below = x + width * channels
            var c = 0
            while c + vectorWidth <= channels {
                var best = (x + c).vector
                var bestNumber = Vector.zero
                @inline(__always)
                func challenge(_ candidate: Vector, _ number: Float) {
                    let isLarger = candidate .> best
                    best.replace(with: candidate, where: isLarger)
                    bestNumber.replace(with: number, where: isLarger)
                }
                challenge((x + channels + c).vector, 1)
                challenge((below + c).vector, 2)
                challenge((below + channels + c).vector, 3)
                (y + c).vector = best
                (number + c).vector = bestNumber
                c += vectorWidth
            }
            while c < channels {
                let field = (x[c], x[channels + c], below[c], below[channels + c])
                var (best, bestNumber) = (field.0, Float(0))
                if field.1 > best { (best, bestNumber) = (field.1, 1) }
                if field.2 > best { (best, bestNumber) = (field.2, 2) }
                if field.3 > best { (best, bestNumber) = (field.3, 3) }
                (y[c], number[c]) = (best, bestNumber)
                c += 1
            }
        }
    }

    /// Gives each output gradient to the element that was chosen.
    public static func maximumBackward(
        images: Int, height: Int, width: Int, channels: Int, outputGradient: UnsafePointer<Float>,
        chosen: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
    ) {
        forEachField(images, height, width, channels, PoolWindow(height: 2, width: 2)) { source, target in
            let (dx, dy, number) = (inputGradient + source, outputGradient + target, chosen + target)
            let below = dx + width * channels
            var c = 0
            while c + vectorWidth <= channels {
                let gradient = (dy + c).vector
                let places = (number + c).vector
                (dx + c).vector = Vector.zero.replacing(with: gradient, where: places .== 0)
                (dx + channels + c).vector = Vector.zero.replacing(with: gradient, where: places .== 1)
                (below + c).vector = Vector.zero.replacing(with: gradient, where: places .== 2)
                (below + channels + c).vector = Vector.zero.replacing(with: gradient, where: places .== 3)
                c += vectorWidth
            }
            while c < channels {
                dx[c] = number[c] == 0 ? dy[c] : 0
                dx[channels + c] = number[c] == 1 ? dy[c] : 0
                below[c] = number[c] == 2 ? dy[c] : 0
                below[channels + c] = number[c] == 3 ? dy[c] : 0
                c += 1
            }
        }
    }

    /// Calls `body` with the first element of each field and of its output.
    @inline(__always)
    private static func forEachField(
        _ images: Int, _ height: Int, _ width: Int, _ channels: Int, _ window: PoolWindow,
        _ body: (_ source: Int, _ target: Int) -> Void
    ) {
        let (rows, columns) = (height / window.height, width / window.width)
        for image in 0..<images {
            for row in 0..<rows {
                for column in 0..<columns {
                    body(
                        ((image * height + row * window.height) * width + column * window.width) * channels,
                        ((image * rows + row) * columns + column) * channels)
                }
            }
        }
    }
}

/// The extents of the fields that a pool makes one value of.
public struct PoolWindow: Hashable, Sendable {
    /// Rows of a field.
    public let height: Int
    /// Pixels of its rows.
    public let width: Int

    /// Fields of those extents.
    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }
}
