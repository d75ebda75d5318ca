/// The extents of an image: rows, columns and channels.
public struct ImageShape: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Rows of pixels.
    public let height: Int
    /// Pixels of a row.
    public let width: Int
    /// Values of a pixel.
    public let channels: Int

    /// An image of those extents, each at least 1.
    public init(height: Int, width: Int, channels: Int) {
        precondition(height > 0 && width > 0 && channels > 0, "an image has at least one value")
        self.height = height
        self.width = width
        self.channels = channels
    }

    /// The pixels of an image: the values of a plane, which is one channel of it.
    public var plane: Int { height * width }
    /// The values of an image.
    public var count: Int { plane * channels }
    /// `[height, width, channels]`, as a tensor holds an image.
    public var shape: Shape { [height, width, channels] }
    /// `32×32×3`.
    public var description: String { "\(height)×\(width)×\(channels)" }
}

extension Tensor {
    /// Zeros for so many images, `[images, height, width, channels]`.
    ///
    /// - Throws: `ResourceError` when the system refuses the memory.
    public init(allocating images: Int, of image: ImageShape) throws(ResourceError) {
        try self.init(allocating: [images, image.height, image.width, image.channels])
    }
}
