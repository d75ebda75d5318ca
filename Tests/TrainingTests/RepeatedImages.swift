import Datasets
import Tensors

/// A set of images several times over, one copy behind the other.
final class RepeatedImages: LabelledImages {
    let count: Int
    var shape: ImageShape { images.shape }
    var classes: Int { images.classes }
    private let images: SyntheticImages

    init(_ images: SyntheticImages, times: Int) {
        self.images = images
        count = images.count * times
    }

    func label(at index: Int) -> UInt8 { images.label(at: index % images.count) }

    func pixels(at index: Int) -> UnsafePointer<UInt8> { images.pixels(at: index % images.count) }

    func contentDigest() -> String { images.contentDigest() }
}
