import Datasets
import Foundation
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite("Prefetching loader", .endsHangs)
struct PrefetchingLoaderTests {
    private static let images = SyntheticImages(count: 53, seed: 4, firstSample: 0)
    private static let normalization = Normalization(of: images)

    /// What a test compares of a batch; copied out, since the batch is valid until the next one only.
    private struct Part: Equatable {
        let samples: [Int]
        let labels: [UInt8]
        let values: [[Float]]
        let epoch: Int
        let step: Int
    }

    private func shards(_ ranks: Int) -> ShardPlan {
        ShardPlan(imageCount: 53, globalBatch: 16, shares: .even(granules: 8, ranks: ranks), seed: 9, shuffle: .epoch)
    }

    private func loader(ranks: Int = 1, rank: Int = 0, fromStep step: Int = 0) throws -> PrefetchingLoader {
        try PrefetchingLoader(
            Self.images, normalization: Self.normalization, augmentation: .article, shards: shards(ranks), rank: rank,
            seed: 9, fromStep: step)
    }

    private func part(_ batch: Batch) -> Part {
        let values = batch.images.values
        return Part(
            samples: batch.sampleIndices, labels: batch.labels,
            values: batch.sampleIndices.indices.map { Array(values[$0 * 3072..<($0 + 1) * 3072]) },
            epoch: batch.epoch, step: batch.step)
    }

    private func parts(_ loader: PrefetchingLoader, _ count: Int) -> [Part] {
        (0..<count).map { _ in part(loader.next()) }
    }

    @Test("the ranks' parts together are the global batch in order, byte for byte", arguments: [1, 2, 3, 5])
    func ranks(count: Int) throws {
        let steps = 9
        let whole = parts(try loader(), steps)
        let byRank = try (0..<count).map { parts(try loader(ranks: count, rank: $0), steps) }
        for step in 0..<steps {
            let order = shards(1).order(epoch: step / 4)
            #expect(whole[step].samples == Array(order[shards(1).places(ofStep: step % 4)]))
            #expect(byRank.flatMap { $0[step].samples } == whole[step].samples)
            #expect(byRank.flatMap { $0[step].labels } == whole[step].labels)
            #expect(byRank.flatMap { $0[step].values } == whole[step].values)
            #expect(whole[step].epoch == step / 4 && whole[step].step == step % 4)
            #expect(whole[step].labels == whole[step].samples.map { Self.images.label(at: $0) })
        }
    }

    @Test("from any step on, a loader goes on as one that started at 0", arguments: [1, 3, 4, 6, 8])
    func anyStep(step: Int) throws {
        let whole = parts(try loader(ranks: 3, rank: 1), 12)
        #expect(parts(try loader(ranks: 3, rank: 1, fromStep: step), 12 - step) == Array(whole[step...]))
    }

    @Test("an image is normalised and distorted by its own stream")
    func arithmetic() throws {
        let part = part(try loader(fromStep: 5).next())
        for (row, sample) in part.samples.enumerated() {
            var plain = [Float](repeating: 0, count: 3072)
            var expected = plain
            Self.normalization.apply(Self.images.pixels(at: sample), into: &plain)
            var stream = RandomStream(seed: 9, purpose: .augmentation, epoch: 1, sample: sample)
            Augmentation.article.apply(plain, Self.images.shape, into: &expected, stream: &stream)
            #expect(part.values[row] == expected)
        }
    }

    @Test(
        "images in order come as they are, each once in a round, and round after round",
        arguments: [0..<53, 11..<30, 7..<7])
    func inOrder(images: Range<Int>) throws {
        let shards = ShardPlan.inOrder(images, batchSize: 8)
        let loader = try PrefetchingLoader(
            Self.images, normalization: Self.normalization, augmentation: .none, shards: shards, rank: 0, seed: 0,
            fromStep: 0)
        for _ in 0..<3 {
            let round = parts(loader, shards.stepsPerEpoch)
            #expect(round.allSatisfy { $0.samples.count <= 8 })
            #expect(round.flatMap(\.samples) == Array(images))
            for (sample, values) in zip(images, round.flatMap(\.values)) {
                var expected = [Float](repeating: 0, count: 3072)
                Self.normalization.apply(Self.images.pixels(at: sample), into: &expected)
                #expect(values == expected)
            }
        }
    }

    /// Images that know how often they were read.
    private final class CountedImages: LabelledImages {
        let count = PrefetchingLoaderTests.images.count
        let shape = PrefetchingLoaderTests.images.shape
        let classes = PrefetchingLoaderTests.images.classes
        let reads = Atomic<Int>(0)

        func label(at index: Int) -> UInt8 { PrefetchingLoaderTests.images.label(at: index) }
        func pixels(at index: Int) -> UnsafePointer<UInt8> {
            reads.add(1, ordering: .relaxed)
            return PrefetchingLoaderTests.images.pixels(at: index)
        }
        func contentDigest() -> String { PrefetchingLoaderTests.images.contentDigest() }
    }

    @Test("a batch stays as it is until the following next(), though the thread fills every free buffer")
    func validity() throws {
        let images = CountedImages()
        let loader = try PrefetchingLoader(
            images, normalization: Self.normalization, augmentation: .article, shards: shards(1), rank: 0, seed: 9,
            fromStep: 0)
        for taken in 1...8 {
            let batch = loader.next()
            let before = part(batch)
            // Four buffers: three batches ahead of the one in use.
            let prepared = (0..<taken + 3).reduce(0) { $0 + shards(1).places(ofStep: $1 % 4).count }
            try Patience.wait(for: "\(prepared) images") { images.reads.load(ordering: .relaxed) >= prepared }
            #expect(part(batch) == before)
        }
    }

    @Test("the thread ends with stop() and with the loader, and lets go of the images")
    func ending() throws {
        for stops in [true, false] {
            weak var released: SyntheticImages?
            do {
                let images = SyntheticImages(count: 20, seed: 1, firstSample: 0)
                released = images
                let loader = try PrefetchingLoader(
                    images, normalization: Self.normalization, augmentation: .none,
                    shards: ShardPlan(
                        imageCount: 20, globalBatch: 8, shares: .even(granules: 8, ranks: 1), seed: 1, shuffle: .none),
                    rank: 0, seed: 1, fromStep: 0)
                _ = loader.next()
                if stops {
                    loader.stop()
                    loader.stop()
                }
            }
            try Patience.wait(for: "the thread to let go of the images") { released == nil }
        }
    }
}
