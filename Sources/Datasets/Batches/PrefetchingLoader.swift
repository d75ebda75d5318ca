import Tensors

/// Prepares one rank's batches in the background: a thread fills a ring of buffers ahead of the training loop.
///
/// Batches come in the order of steps, and micro-batches in the order they have within a step, from any step on and
/// over any number of epochs. A batch is valid until the
/// following `next()`. The thread ends with `stop()` or with the loader.
public final class PrefetchingLoader: Sendable {
    private let ring = BatchRing(depth: 4)

    /// Starts preparing from global step `step` on.
    ///
    /// - Throws: `ResourceError` when the system refuses the buffers or the thread.
    public init(
        _ images: any LabelledImages, normalization: Normalization, augmentation: Augmentation, shards: ShardPlan,
        rank: Int, seed: UInt64, fromStep step: Int
    ) throws(ResourceError) {
        let ring = ring
        let maker = try BatchMaker(
            images, normalization: normalization, augmentation: augmentation, shards: shards, rank: rank, seed: seed,
            bufferCount: ring.depth)
        try NamedThread.start("lockstep loader") {
            var (next, microBatch) = (step, 0)
            while let buffer = ring.freeBuffer() {
                let batch = maker.make(next, microBatch: microBatch, buffer: buffer)
                ring.add(batch)
                microBatch += 1
                if microBatch == batch.microBatchCount { (next, microBatch) = (next + 1, 0) }
            }
        }
    }

    deinit { ring.stop() }

    /// The next batch; waits until it is ready.
    public func next() -> Batch { ring.next() }

    /// Ends the background thread; no batch can be asked for afterwards.
    public func stop() { ring.stop() }
}
