/// Pooling over square windows that do not overlap, NHWC.
public enum Pooling {
    /// The mean of each `window`×`window` field. `input` is `[images, height, width, channels]`.
    public static func averageForward(
        images: Int, height: Int, width: Int, channels: Int, window: Int, input: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        let factor = 1 / Float(window * window)
        forEachField(images, height, width, channels, window) { source, target in
            for c in 0..<channels {
                var sum: Float = 0
                for row in 0..<window {
                    for column in 0..<window { sum += input[source + (row * width + column) * channels + c] }
                }
                output[target + c] = sum * factor
            }
        }
    }

    /// Spreads each output gradient evenly over its field.
    public static func averageBackward(
        images: Int, height: Int, width: Int, channels: Int, window: Int, outputGradient: UnsafePointer<Float>,
        inputGradient: UnsafeMutablePointer<Float>
    ) {
        let factor = 1 / Float(window * window)
        forEachField(images, height, width, channels, window) { source, target in
            for row in 0..<window {
                for column in 0..<window {
                    let dx = inputGradient + source + (row * width + column) * channels
                    for c in 0..<channels { dx[c] = outputGradient[target + c] * factor }
                }
            }
        }
    }

    /// The largest element of each field; `chosen` remembers which (the first of equals), `row · window + column`.
    public static func maximumForward(
        images: Int, height: Int, width: Int, channels: Int, window: Int, input: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, chosen: UnsafeMutablePointer<UInt8>
    ) {
        forEachField(images, height, width, channels, window) { source, target in
            for c in 0..<channels {
                var best = input[source + c]
                var place: UInt8 = 0
                for row in 0..<window {
                    for column in 0..<window {
                        let value = input[source + (row * width + column) * channels + c]
                        if value > best {
                            best = value
                            place = UInt8(row * window + column)
                        }
                    }
                }
                output[target + c] = best
                chosen[target + c] = place
            }
        }
    }

    /// Gives each output gradient to the element that was chosen.
    public static func maximumBackward(
        images: Int, height: Int, width: Int, channels: Int, window: Int, outputGradient: UnsafePointer<Float>,
        chosen: UnsafePointer<UInt8>, inputGradient: UnsafeMutablePointer<Float>
    ) {
        forEachField(images, height, width, channels, window) { source, target in
            for row in 0..<window {
                for column in 0..<window {
                    let dx = inputGradient + source + (row * width + column) * channels
                    let place = UInt8(row * window + column)
                    for c in 0..<channels { dx[c] = chosen[target + c] == place ? outputGradient[target + c] : 0 }
                }
            }
        }
    }

    /// Calls `body` with the first element of each field and of its output.
    @inline(__always)
    private static func forEachField(
        _ images: Int, _ height: Int, _ width: Int, _ channels: Int, _ window: Int,
        _ body: (_ source: Int, _ target: Int) -> Void
    ) {
        let (rows, columns) = (height / window, width / window)
        for image in 0..<images {
            for row in 0..<rows {
                for column in 0..<columns {
                    body(
                        ((image * height + row * window) * width + column * window) * channels,
                        ((image * rows + row) * columns + column) * channels)
                }
            }
        }
    }
}
