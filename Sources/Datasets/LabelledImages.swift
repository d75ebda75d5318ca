/// A set of images with labels, in the layout of CIFAR-10: 32×32 pixels as three planes (red, green, blue) of bytes.
public protocol LabelledImages: AnyObject, Sendable {
    /// The number of images.
    var count: Int { get }
    /// The class of an image, in 0..<10.
    func label(at index: Int) -> UInt8
    /// The first of an image's 3072 bytes; valid as long as the set lives.
    func pixels(at index: Int) -> UnsafePointer<UInt8>
    /// A digest of the whole content, as hexadecimal digits.
    func contentDigest() -> String
    /// Checks that what was read until now is the set's content; to be called between reading and using it.
    ///
    /// - Throws: `DatasetError` when images were lost meanwhile.
    func requireIntact() throws(DatasetError)
}

extension LabelledImages {
    /// A set in memory cannot lose images.
    public func requireIntact() throws(DatasetError) {}
}

/// The side of an image in pixels.
public let imageSide = 32
/// The channels of an image.
public let imageChannels = 3
/// The classes of a set.
public let classCount = 10
