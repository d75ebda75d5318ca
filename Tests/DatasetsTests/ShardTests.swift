import Datasets
import Tensors
import Testing

@Suite("Shards and the loader")
struct ShardTests {
    private func shards(_ count: Int, _ batch: Int, ranks: Int = 1, shuffle: ShuffleMode = .epoch, seed: UInt64 = 1)
        -> ShardPlan
    {
        ShardPlan(imageCount: count, globalBatch: batch, granules: 16, ranks: ranks, seed: seed, shuffle: shuffle)
    }

    // Guards: the article's epoch: 391 steps, 80 images in the last; nothing dropped, nothing padded.
    @Test func lastBatchIsShort() {
        let plan = shards(50_000, 128)
        #expect(plan.stepsPerEpoch == 391)
        #expect(plan.places(ofStep: 390).count == 80 && plan.places(ofStep: 389).count == 128)
    }

    // Guards: every image exactly once an epoch, in an order of its own each epoch.
    @Test(arguments: [(1, 1), (7, 3), (100, 32), (64, 64), (10, 128)])
    func everyImageOnce(count: Int, batch: Int) {
        let plan = shards(count, batch)
        let places = (0..<plan.stepsPerEpoch).flatMap { Array(plan.places(ofStep: $0)) }
        #expect(places == Array(0..<count))
        #expect(plan.order(epoch: 3).sorted() == Array(0..<count))
        #expect(plan.order(epoch: 3) == plan.order(epoch: 3))
        if count > 10 {
            #expect(plan.order(epoch: 3) != plan.order(epoch: 4))
            #expect(plan.order(epoch: 3) != shards(count, batch, seed: 2).order(epoch: 3))
        }
        #expect(shards(count, batch, shuffle: .none).order(epoch: 5) == Array(0..<count))
    }

    /// The first batches of one rank, copied out.
    private func batches(
        _ set: SyntheticImages, ranks: Int, rank: Int, from step: Int, count: Int
    ) -> [(samples: [Int], values: [Float], labels: [UInt8], epoch: Int, step: Int)] {
        let loader = PrefetchingLoader(
            set, normalization: Normalization(of: set), augmentation: .article, shards: shards(50, 24, ranks: ranks),
            rank: rank, seed: 4, fromStep: step)
        defer { loader.stop() }
        return (0..<count).map { _ in
            let batch = loader.next()
            return (batch.sampleIndices, batch.images.values, batch.labels, batch.epoch, batch.step)
        }
    }

    // Guards: the ranks' parts of a step put side by side are the step of one rank, bytes of the pixels included.
    @Test(arguments: [2, 3, 5])
    func ranksShareOutTheBatch(ranks: Int) {
        let set = SyntheticImages(count: 50, seed: 3, firstSample: 0)
        let whole = batches(set, ranks: 1, rank: 0, from: 0, count: 7)
        let parts = (0..<ranks).map { batches(set, ranks: ranks, rank: $0, from: 0, count: 7) }
        for step in 0..<7 {
            #expect(parts.flatMap { $0[step].samples } == whole[step].samples)
            #expect(parts.flatMap { $0[step].values } == whole[step].values)
            #expect(parts.flatMap { $0[step].labels } == whole[step].labels)
        }
        #expect(whole[2].samples.count == 2 && whole[3].epoch == 1)
        #expect(whole[0].labels == whole[0].samples.map { set.label(at: $0) })
    }

    // Guards: a resumed run gets the batches it would have got.
    @Test(arguments: [1, 2, 3, 5])
    func startsAnywhere(step: Int) {
        let set = SyntheticImages(count: 50, seed: 3, firstSample: 0)
        let whole = batches(set, ranks: 2, rank: 1, from: 0, count: 8)
        let tail = batches(set, ranks: 2, rank: 1, from: step, count: 8 - step)
        #expect(tail.map(\.samples) == whole.dropFirst(step).map(\.samples))
        #expect(tail.map(\.values) == whole.dropFirst(step).map(\.values))
        #expect(tail.map(\.step) == whole.dropFirst(step).map(\.step))
    }

    // Guards: a batch stays as it is until the next is asked for, however long the loader has time to run ahead.
    @Test func aBatchStaysValid() async throws {
        let set = SyntheticImages(count: 50, seed: 3, firstSample: 0)
        let loader = PrefetchingLoader(
            set, normalization: Normalization(of: set), augmentation: .article, shards: shards(50, 24), rank: 0,
            seed: 4,
            fromStep: 0)
        defer { loader.stop() }
        for _ in 0..<6 {
            let batch = loader.next()
            let values = batch.images.values
            try await Task.sleep(for: .milliseconds(30))
            #expect(batch.images.values == values)
        }
    }
}
