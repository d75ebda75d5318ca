/// How the images of a step are cut into micro-batches, which are computed one after the other.
///
/// A step takes as few micro-batches as hold its images, none of them larger than those of a full step: the short step
/// at the end of an epoch has fewer, not smaller ones. They are even to within one image.
public struct MicroBatches: Hashable, Sendable {
    /// Images of a full global batch.
    public let globalBatch: Int
    /// The micro-batches asked for in a full step, at most `globalBatch`.
    public let count: Int

    /// The cut of a global batch into `count`.
    public init(globalBatch: Int, count: Int) {
        precondition(count > 0 && globalBatch > 0, "\(globalBatch) images in \(count) micro-batches")
        self.globalBatch = globalBatch
        self.count = count
    }

    /// The most images of a micro-batch.
    public var largest: Int { (globalBatch + count - 1) / count }

    /// The micro-batches of a step of `images` images, as positions in the step; at least one.
    public func ranges(of images: Int) -> [Range<Int>] {
        let parts = max(1, (images + largest - 1) / largest)
        return (0..<parts).map { $0 * images / parts..<($0 + 1) * images / parts }
    }
}
