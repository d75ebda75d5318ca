import Tensors

/// The images of a rank and what it computes them with: all that a pass without learning needs.
public struct InferenceContext {
    /// The images that this rank holds.
    public let images: Int
    /// The network's memory and threads.
    public let memory: NetworkMemory
    /// Each worker's images.
    private let shares: [Range<Int>]

    /// Some images, split evenly among the workers.
    init(images: Int, _ memory: NetworkMemory) {
        self.init(
            images: images, memory,
            shares: (0..<memory.pool.count).map { WorkShare($0, of: memory.pool.count).range(of: images) })
    }

    /// Some images, split among the workers as given.
    init(images: Int, _ memory: NetworkMemory, shares: [Range<Int>]) {
        self.images = images
        self.memory = memory
        self.shares = shares
    }

    /// One worker's images, counted within this rank's images.
    func images(of share: WorkShare) -> Range<Int> { shares[share.index] }

    /// Calls `body` in every worker with its part of the images.
    public func forEachShare(_ body: (_ images: Range<Int>) -> Void) {
        memory.pool.run { body(shares[$0.index]) }
    }
}
