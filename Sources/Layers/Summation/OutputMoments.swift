import Kernels
import Tensors

/// The sums Σx and Σx² per channel and the number of pixels, granule by granule, that batch normalisation starts from.
final class OutputMoments {
    private let sums: GranuleSums
    private let shape: Shape

    /// Sums for images of `shape`, `[height, width, channels]`.
    init(_ shape: Shape, granuleCount: Int) {
        self.shape = shape
        sums = GranuleSums(width: 2 * shape[2] + 1, granuleCount: granuleCount)
    }

    /// Forgets the batch before.
    func clear() { sums.clear() }

    /// Adds some images of a tensor; every image once, by the worker that holds its granule.
    func add(_ images: Range<Int>, of tensor: Tensor, _ context: TrainingContext) {
        let (pixels, channels) = (shape[0] * shape[1], shape[2])
        for image in images {
            let row = sums[context.granule(ofImage: image)]
            ChannelSums.moments(
                pixels: pixels, channels: channels, tensor.pointer + image * shape.count, sums: row,
                squares: row + channels)
            row[2 * channels] += Double(pixels)
        }
    }

    /// `2 · channels + 1` values for each subtree of this rank.
    func partials(_ context: TrainingContext) -> [Double] { sums.partials(context) }
}
