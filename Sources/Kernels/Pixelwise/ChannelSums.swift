/// Sums over the pixels of some images, per channel, in `Double`.
///
/// Pixels are taken in blocks small enough for L1. Within a block sums are `Float`, squares are taken about the block's
/// own mean, and blocks are added up in `Double`, so that large means cost no accuracy. All functions *add* to their
/// results, which makes a granule's sum a matter of calling them for its images in order.
public enum ChannelSums {
    private static let pixelsPerBlock = 64

    /// Adds Σx to `sums` and Σx² to `squares`, `channels` elements each.
    public static func moments(
        pixels: Int, channels: Int, _ x: UnsafePointer<Float>, sums: UnsafeMutablePointer<Double>,
        squares: UnsafeMutablePointer<Double>
    ) {
        forEachStrip(pixels: pixels, channels: channels) { block, count, c in
            let strip = x + block * channels + c
            var sum = Vector.zero
            for pixel in 0..<count { sum += (strip + pixel * channels).vector }
            let mean = sum / Float(count)
            var deviation = Vector.zero
            for pixel in 0..<count {
                let d = (strip + pixel * channels).vector - mean
                deviation = deviation.addingProduct(d, d)
            }
            let s = sum.doubles
            let m = mean.doubles
            (sums + c).vector += s
            // Σx² = Σ(x−m)² + 2mΣx − nm², exact in the rounding of m.
            (squares + c).vector += deviation.doubles + m * (s * 2 - m * Double(count))
        } remainder: { block, count, c in
            for pixel in block..<block + count {
                let value = Double(x[pixel * channels + c])
                sums[c] += value
                squares[c] += value * value
            }
        }
    }

    /// Adds Σx to `sums`; pixels lie `pixelStride` elements apart.
    public static func sums(
        pixels: Int, channels: Int, pixelStride: Int, _ x: UnsafePointer<Float>, sums: UnsafeMutablePointer<Double>
    ) {
        forEachStrip(pixels: pixels, channels: channels) { block, count, c in
            let strip = x + block * pixelStride + c
            var sum = Vector.zero
            for pixel in 0..<count { sum += (strip + pixel * pixelStride).vector }
            (sums + c).vector += sum.doubles
        } remainder: { block, count, c in
            for pixel in block..<block + count { sums[c] += Double(x[pixel * pixelStride + c]) }
        }
    }

    /// Calls `body` for each block of pixels and vector of channels, `remainder` for each channel left over.
    @inline(__always)
    private static func forEachStrip(
        pixels: Int, channels: Int, _ body: (_ block: Int, _ count: Int, _ channel: Int) -> Void,
        remainder: (_ block: Int, _ count: Int, _ channel: Int) -> Void
    ) {
        for block in stride(from: 0, to: pixels, by: pixelsPerBlock) {
            let count = min(pixelsPerBlock, pixels - block)
            var c = 0
            while c + vectorWidth <= channels {
                body(block, count, c)
                c += vectorWidth
            }
            while c < channels {
                remainder(block, count, c)
                c += 1
            }
        }
    }
}
