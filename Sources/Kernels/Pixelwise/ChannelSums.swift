/// Sums over the pixels of some images, per channel, in `Double`.
///
/// Pixels are taken in blocks small enough for L1. Within a block sums are `Float`, squares are taken about the block's
/// own mean, and blocks are added up in `Double`, so that large means cost no accuracy. All functions *add* to their
/// results, which makes a granule's sum a matter of calling them for its images in order.
///
/// The last channels % 8 are summed one by one, in `Double` throughout: the same channels at any width of a vector.
public enum ChannelSums {
    private static let pixelsPerBlock = 64

    /// Adds Σx to `sums` and Σx² to `squares`, `channels` elements each.
    public static func moments(
        pixels: Int, channels: Int, _ x: UnsafePointer<Float>, sums: UnsafeMutablePointer<Double>,
        squares: UnsafeMutablePointer<Double>
    ) {
        forEachStrip(pixels: pixels, channels: channels) { block, c, lanes in
            let strip = x + block.lowerBound * channels + c
            var sum = Vector.zero
            for pixel in 0..<block.count { sum += (strip + pixel * channels)[lanes: lanes] }
            let mean = sum / Float(block.count)
            var deviation = Vector.zero
            for pixel in 0..<block.count {
                let d = (strip + pixel * channels)[lanes: lanes] - mean
                deviation = deviation.addingProduct(d, d)
            }
            let s = sum.doubles
            let m = mean.doubles
            (sums + c).add(s, lanes: lanes)
            // Σx² = Σ(x−m)² + 2mΣx − nm², exact in the rounding of m.
            (squares + c).add(deviation.doubles + m * (s * 2 - m * Double(block.count)), lanes: lanes)
        } remainder: { block, c in
            for pixel in block {
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
        forEachStrip(pixels: pixels, channels: channels) { block, c, lanes in
            let strip = x + block.lowerBound * pixelStride + c
            var sum = Vector.zero
            for pixel in 0..<block.count { sum += (strip + pixel * pixelStride)[lanes: lanes] }
            (sums + c).add(sum.doubles, lanes: lanes)
        } remainder: { block, c in
            for pixel in block { sums[c] += Double(x[pixel * pixelStride + c]) }
        }
    }

    /// Calls `body` for each block of pixels and strip of channels, a vector's lanes or eight, and `remainder` for each of
    /// the last channels % 8.
    @inline(__always)
    static func forEachStrip(
        pixels: Int, channels: Int, _ body: (_ block: Range<Int>, _ channel: Int, _ lanes: Int) -> Void,
        remainder: (_ block: Range<Int>, _ channel: Int) -> Void
    ) {
        for start in stride(from: 0, to: pixels, by: pixelsPerBlock) {
            let block = start..<min(start + pixelsPerBlock, pixels)
            var c = 0
            while c + vectorWidth <= channels {
                body(block, c, vectorWidth)
                c += vectorWidth
            }
            #if WIDE_VECTORS
                if c + 8 <= channels {
                    body(block, c, 8)
                    c += 8
                }
            #endif
            while c < channels {
                remainder(block, c)
                c += 1
            }
        }
    }
}
