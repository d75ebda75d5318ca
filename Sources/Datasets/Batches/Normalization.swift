import Tensors

/// The mean and the population standard deviation of every pixel and channel over the training images, on values / 255.
public struct Normalization: Sendable, Equatable, Codable {
    /// The extents of the images.
    public let shape: ImageShape
    /// The mean map, `[height, width, channels]`.
    public let mean: [Float]
    /// The standard-deviation map, `[height, width, channels]`.
    public let standardDeviation: [Float]

    /// A normalisation of images of a shape by known maps of as many elements.
    public init(shape: ImageShape, mean: [Float], standardDeviation: [Float]) {
        precondition(
            mean.count == shape.count && standardDeviation.count == shape.count, "a map is as large as an image")
        self.shape = shape
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// Measures a training set. Sums of bytes are integers, so the maps are exact to the last rounding.
    public init(of images: any LabelledImages) {
        let (plane, size) = (images.shape.plane, images.shape.count)
        var sums = [Int](repeating: 0, count: size)
        var squares = [Int](repeating: 0, count: size)
        // 32-bit sums run eight to a register; 255² times this many images still fits in one.
        let imagesAtOnce = 60_000
        for start in stride(from: 0, to: images.count, by: imagesAtOnce) {
            let range = start..<min(start + imagesAtOnce, images.count)
            Self.addSums(of: images, in: range, to: &sums, squares: &squares)
        }
        let count = Double(max(1, images.count))
        var mean = [Float](repeating: 0, count: size)
        var deviation = [Float](repeating: 1, count: size)
        for element in 0..<size {
            let average = Double(sums[element]) / count
            let variance = max(0, Double(squares[element]) / count - average * average)
            let target = element % plane * images.shape.channels + element / plane
            mean[target] = Float(average / 255)
            // A pixel that never changes carries nothing; dividing by one keeps it at zero.
            deviation[target] = variance > 0 ? Float(variance.squareRoot() / 255) : 1
        }
        self.init(shape: images.shape, mean: mean, standardDeviation: deviation)
    }

    private static func addSums(
        of images: any LabelledImages, in range: Range<Int>, to sums: inout [Int], squares: inout [Int]
    ) {
        let size = sums.count
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * size) { partial in
            partial.initialize(repeating: 0)
            let partialSums = partial.baseAddress!
            let partialSquares = partialSums + size
            for index in range {
                let pixels = images.pixels(at: index)
                for element in 0..<size {
                    let value = UInt32(pixels[element])
                    partialSums[element] &+= value
                    partialSquares[element] &+= value &* value
                }
            }
            for element in 0..<size {
                sums[element] += Int(partialSums[element])
                squares[element] += Int(partialSquares[element])
            }
        }
    }

    /// Writes one image, planes of bytes, as normalised `[height, width, channels]`.
    public func apply(_ pixels: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<Float>) {
        let (plane, channels) = (shape.plane, shape.channels)
        mean.withUnsafeBufferPointer { mean in
            standardDeviation.withUnsafeBufferPointer { deviation in
                for pixel in 0..<plane {
                    for channel in 0..<channels {
                        let element = pixel * channels + channel
                        let value = Float(pixels[channel * plane + pixel]) / 255
                        target[element] = (value - mean[element]) / deviation[element]
                    }
                }
            }
        }
    }
}
