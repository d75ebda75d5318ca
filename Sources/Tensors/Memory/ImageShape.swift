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

    private enum CodingKeys: String, CodingKey {
        case height, width, channels
    }

    /// Reads extents.
    ///
    /// - Throws: `DecodingError.dataCorrupted` with a sentence when no image has them.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        height = try values.decode(Int.self, forKey: .height)
        width = try values.decode(Int.self, forKey: .width)
        channels = try values.decode(Int.self, forKey: .channels)
        if let complaint {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: complaint))
        }
    }

    /// Why no image has those extents, as a sentence; nil if one may: each is from 1 to 65,536, and an image has at most
    /// 2²⁸ values, so that nothing computed of it overflows.
    public static func complaint(height: Int, width: Int, channels: Int) -> String? {
        let isExtent = { (extent: Int) in (1...65_536).contains(extent) }
        guard isExtent(height), isExtent(width), isExtent(channels), height * width * channels <= 1 << 28 else {
            return "Images of \(height)×\(width)×\(channels) cannot be; choose extents from 1 to 65,536, and at most "
                + "268,435,456 values in all."
        }
        return nil
    }

    /// Why no network takes such images, as a sentence; nil if one may.
    public var complaint: String? { Self.complaint(height: height, width: width, channels: channels) }

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
