import Tensors

/// A set of images with labels. An image is one plane of bytes a channel (red, green, blue), all images of one shape.
public protocol LabelledImages: AnyObject, Sendable {
    /// The number of images.
    var count: Int { get }
    /// The extents of every image.
    var shape: ImageShape { get }
    /// The number of classes, at most 256.
    var classes: Int { get }
    /// What each class is called, in their order; their numbers where nothing else is known.
    var classNames: [String] { get }
    /// The class of an image, in 0..<classes.
    func label(at index: Int) -> UInt8
    /// The first of an image's `shape.count` bytes; valid as long as the set lives.
    func pixels(at index: Int) -> UnsafePointer<UInt8>
    /// A digest of the whole content, as hexadecimal digits.
    func contentDigest() -> String
    /// Checks that what was read until now is the set's content; to be called between reading and using it.
    ///
    /// - Throws: `DatasetError` when images were lost meanwhile.
    func requireIntact() throws(DatasetError)
}

extension LabelledImages {
    /// Classes without names go by their numbers.
    public var classNames: [String] { (0..<classes).map { "\($0)" } }

    /// A set in memory cannot lose images.
    public func requireIntact() throws(DatasetError) {}
}
