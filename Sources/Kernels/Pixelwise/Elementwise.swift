/// Passes over flat memory.
public enum Elementwise {
    /// `target += source`.
    public static func add(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
        sum(target, source, into: target, count: count)
    }

    /// `target = left + right`; the target may be one of them.
    @inline(__always)
    public static func sum(
        _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>,
        count: Int
    ) {
        var index = 0
        while index + vectorWidth <= count {
            (target + index).vector = (left + index).vector + (right + index).vector
            index += vectorWidth
        }
        while index < count {
            target[index] = left[index] + right[index]
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
        while index + 8 <= count {
            let byte = (mask[index / 32] >> UInt32(index % 32)) & 0xFF
            let dropped = (SIMD8<UInt32>(repeating: byte) & bits) .== SIMD8<UInt32>(repeating: 0)
            let value = UnsafeRawPointer(input + index).loadUnaligned(as: SIMD8<Float>.self) * factor
            UnsafeMutableRawPointer(output + index).storeBytes(
                of: value.replacing(with: 0, where: dropped), as: SIMD8<Float>.self)
            index += 8
        }
        while index < count {
            let kept = mask[index / 32] >> UInt32(index % 32) & 1 == 1
            output[index] = kept ? input[index] * factor : 0
            index += 1
        }
    }

    /// The activation of a unit as a pass of its own: `output = max(floor, x · scale + shift)` per channel.
    public static func activate(
        pixels: Int, channels: Int, input: UnsafePointer<Float>, activation: InputActivation,
        output: UnsafeMutablePointer<Float>
    ) {
        let floor = Vector(repeating: activation.floor)
        for pixel in 0..<pixels {
            let x = input + pixel * channels
            let y = output + pixel * channels
            var c = 0
            while c + vectorWidth <= channels {
                let value = (activation.shift + c).vector.addingProduct((x + c).vector, (activation.scale + c).vector)
                (y + c).vector = value.raised(to: floor)
                c += vectorWidth
            }
            while c < channels {
                y[c] = activation.apply(x[c], channel: c)
                c += 1
            }
        }
    }
}

extension Elementwise {
    /// Masks of 32 elements a word: bit i is set where the i-th 16-bit draw, low half of a word first, reaches
    /// `threshold`. Sixteen words of `draws` make one of the mask.
    public static func drawMask(
        _ draws: UnsafeBufferPointer<UInt32>, threshold: UInt32, into mask: UnsafeMutablePointer<UInt32>
    ) {
        let lowBits = SIMD16<UInt32>(repeating: 1) &<< SIMD16(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
        let limit = SIMD16<UInt32>(repeating: threshold)
        for word in 0..<draws.count / 16 {
            let draw = UnsafeRawPointer(draws.baseAddress! + 16 * word).loadUnaligned(as: SIMD16<UInt32>.self)
            let low = lowBits.replacing(with: 0, where: draw & 0xFFFF .< limit)
            let high = (lowBits &<< 1).replacing(with: 0, where: draw &>> 16 .< limit)
            mask[word] = (low | high).wrappedSum()
        }
    }
}
