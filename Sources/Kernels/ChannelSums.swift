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
            for lane in 0..<vectorWidth {
                let s = Double(sum[lane])
                let m = Double(mean[lane])
                // Σx² = Σ(x−m)² + 2mΣx − nm², exact in the rounding of m.
                sums[c + lane] += s
                squares[c + lane] += Double(deviation[lane]) + m * (2 * s - Double(count) * m)
            }
        } remainder: { block, count, c in
            for pixel in block..<block + count {
                let value = Double(x[pixel * channels + c])
                sums[c] += value
                squares[c] += value * value
            }
        }
    }

    /// Adds Σx to `sums`.
    public static func sums(
        pixels: Int, channels: Int, _ x: UnsafePointer<Float>, sums: UnsafeMutablePointer<Double>
    ) {
        forEachStrip(pixels: pixels, channels: channels) { block, count, c in
            let strip = x + block * channels + c
            var sum = Vector.zero
            for pixel in 0..<count { sum += (strip + pixel * channels).vector }
            for lane in 0..<vectorWidth { sums[c + lane] += Double(sum[lane]) }
        } remainder: { block, count, c in
            for pixel in block..<block + count { sums[c] += Double(x[pixel * channels + c]) }
        }
    }

    /// Calls `body` for each block of pixels and eight channels, `remainder` for each channel left over.
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
