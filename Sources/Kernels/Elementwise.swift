/// Passes over flat memory.
public enum Elementwise {
    /// `target += source`.
    public static func add(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
        var index = 0
        while index + vectorWidth <= count {
            (target + index).vector += (source + index).vector
            index += vectorWidth
        }
        while index < count {
            target[index] += source[index]
            index += 1
        }
    }

    /// `output = input · factor` where the mask bit is set, zero elsewhere; 32 elements to a word, lowest bit first.
    public static func applyMask(
        _ mask: UnsafePointer<UInt32>, factor: Float, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        count: Int
    ) {
        let bits = SIMD8<UInt32>(1, 2, 4, 8, 16, 32, 64, 128)
        var index = 0
        while index + vectorWidth <= count {
            let byte = (mask[index / 32] >> UInt32(index % 32)) & 0xFF
            let dropped = (SIMD8<UInt32>(repeating: byte) & bits) .== SIMD8<UInt32>(repeating: 0)
            let value = (input + index).vector * factor
            (output + index).vector = value.replacing(
                with: 0, where: dropped)
            index += vectorWidth
        }
        while index < count {
            let kept = mask[index / 32] >> UInt32(index % 32) & 1 == 1
            output[index] = kept ? input[index] * factor : 0
            index += 1
        }
    }

    /// The activation of a unit as a pass of its own: `output = max(0, x · scale + shift)` per channel.
    public static func activate(
        pixels: Int, channels: Int, input: UnsafePointer<Float>, activation: InputActivation,
        output: UnsafeMutablePointer<Float>
    ) {
        for pixel in 0..<pixels {
            for c in 0..<channels {
                output[pixel * channels + c] = activation.apply(input[pixel * channels + c], channel: c)
            }
        }
    }
}
