import Tensors

/// The built-in set: ten classes of procedural images in the shape of CIFAR-10, drawn from a seed.
///
/// A class is a figure or a pattern; place, size, colours, background gradient and noise are random and tell nothing
/// about it. No class changes under the augmentation's small rotations, shifts and mirroring. It exists so that the
/// first command works without any data; it says nothing about accuracy on real images.
public final class SyntheticImages: LabelledImages, @unchecked Sendable {
    /// The number of images.
    public let count: Int
    private let labels: [UInt8]
    private let bytes: UnsafeMutablePointer<UInt8>
    /// That of CIFAR-10.
    public let shape = SyntheticPainter.shape
    /// One for each figure.
    public let classes = SyntheticFigure.allCases.count
    /// The figures.
    public let classNames = SyntheticFigure.allCases.map { "\($0)" }
    private static let imageBytes = SyntheticPainter.shape.count

    /// Draws `count` images; `firstSample` keeps the draws of different sets apart.
    public init(count: Int, seed: UInt64, firstSample: Int) {
        self.count = count
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, count * Self.imageBytes))
        var labels: [UInt8] = []
        for index in 0..<count {
            var stream = RandomStream(seed: seed, purpose: .synthetic, sample: firstSample + index)
            let label = UInt8(stream.next() % UInt64(SyntheticFigure.allCases.count))
            labels.append(label)
            var painter = SyntheticPainter(figure: SyntheticFigure.allCases[Int(label)], stream: stream)
            painter.paint(into: bytes + index * Self.imageBytes)
        }
        self.labels = labels
        self.bytes = bytes
    }

    deinit { bytes.deallocate() }

    /// The set that training uses: 10,000 images unless limited.
    public static func training(limit: Int? = nil) -> SyntheticImages {
        SyntheticImages(count: min(limit ?? trainingCount, trainingCount), seed: 2018, firstSample: 0)
    }

    /// The set that evaluation uses: 2,000 other images unless limited.
    public static func test(limit: Int? = nil) -> SyntheticImages {
        SyntheticImages(count: min(limit ?? testCount, testCount), seed: 2018, firstSample: trainingCount)
    }

    private static let trainingCount = 10_000
    private static let testCount = 2_000

    /// The class of an image.
    public func label(at index: Int) -> UInt8 { labels[index] }

    /// The first byte of an image's planes.
    public func pixels(at index: Int) -> UnsafePointer<UInt8> {
        precondition(index >= 0 && index < count, "image \(index) of \(count)")
        return UnsafePointer(bytes + index * Self.imageBytes)
    }

    /// A digest of the drawn bytes and labels.
    public func contentDigest() -> String {
        var digest = SHA256()
        digest.update(UnsafeRawBufferPointer(start: bytes, count: count * Self.imageBytes))
        labels.withUnsafeBytes { digest.update($0) }
        return SHA256.hexadecimal(digest.finalize())
    }
}
