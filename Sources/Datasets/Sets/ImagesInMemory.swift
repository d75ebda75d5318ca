import Tensors

/// A set whose images lie in memory, made by the program itself.
public final class ImagesInMemory: LabelledImages {
    /// The number of images.
    public let count: Int
    /// The extents of every image.
    public let shape: ImageShape
    /// What each class is called.
    public let classNames: [String]
    private let memory: AlignedMemory
    private let labels: [UInt8]

    /// A set of `count` images, made one after the other.
    ///
    /// - Parameters:
    ///   - classNames: the classes, at most 256.
    ///   - make: fills an image's planes, one a channel, which start at zero, and returns its class.
    /// - Throws: `ResourceError` when the system refuses the memory; what `make` throws.
    public init(
        count: Int, shape: ImageShape, classNames: [String],
        make: (_ index: Int, _ planes: UnsafeMutableBufferPointer<UInt8>) throws -> Int
    ) throws {
        precondition((1...256).contains(classNames.count), "\(classNames.count) classes")
        self.count = count
        self.shape = shape
        self.classNames = classNames
        memory = try AlignedMemory(allocating: count * shape.count)
        let bytes = memory.address.assumingMemoryBound(to: UInt8.self)
        var labels: [UInt8] = []
        for index in 0..<count {
            let planes = UnsafeMutableBufferPointer(start: bytes + index * shape.count, count: shape.count)
            let label = try make(index, planes)
            precondition(classNames.indices.contains(label), "image \(index) is of class \(label)")
            labels.append(UInt8(label))
        }
        self.labels = labels
    }

    /// The number of classes.
    public var classes: Int { classNames.count }

    /// The class of an image.
    public func label(at index: Int) -> UInt8 { labels[index] }

    /// The first of an image's bytes.
    public func pixels(at index: Int) -> UnsafePointer<UInt8> {
        precondition((0..<count).contains(index), "image \(index) of \(count)")
        return UnsafePointer(memory.address.assumingMemoryBound(to: UInt8.self)) + index * shape.count
    }

    /// A digest of pixels and labels.
    public func contentDigest() -> String {
        var digest = SHA256()
        digest.update(UnsafeRawBufferPointer(start: memory.address, count: count * shape.count))
        labels.withUnsafeBytes { digest.update($0) }
        return SHA256.hexadecimal(digest.finalize())
    }
}
