import Datasets
import Testing

@Suite("Micro-batches")
struct MicroBatchesTests {
    // Guards: every image once and in order, none larger than memory was made for, even to within one image.
    @Test(arguments: [1, 7, 24, 128], [1, 2, 3, 7])
    func coverAStep(globalBatch: Int, count: Int) {
        guard count <= globalBatch else { return }
        let cut = MicroBatches(globalBatch: globalBatch, count: count)
        for images in 1...globalBatch {
            let ranges = cut.ranges(of: images)
            #expect(ranges.flatMap(Array.init) == Array(0..<images))
            let counts = ranges.map(\.count)
            #expect(counts.max()! <= cut.largest && counts.max()! - counts.min()! <= 1 && counts.min()! > 0)
            #expect(ranges.count <= count)
        }
        if globalBatch % count == 0 { #expect(cut.ranges(of: globalBatch).count == count) }
    }

    // Guards: the short step of an epoch has fewer micro-batches, not small ones whose statistics would mean little.
    @Test func shortStepsHaveFewer() {
        #expect(
            MicroBatches(globalBatch: 2048, count: 16).ranges(of: 848).map(\.count)
                == [121, 121, 121, 121, 121, 121, 122])
        #expect(MicroBatches(globalBatch: 2048, count: 16).ranges(of: 80) == [0..<80])
    }

    // Guards: micro-batches are runs of the step's images, and what a rank holds at once is that of one of them.
    @Test(arguments: [1, 2, 3, 5]) func planOfAStep(ranks: Int) {
        let plan = ShardPlan(
            imageCount: 60, globalBatch: 25, accumulation: 3, shares: .even(granules: 16, ranks: ranks), seed: 1,
            shuffle: .epoch)
        #expect(plan.stepsPerEpoch == 3)
        #expect(plan.microBatchPlaces(ofStep: 1) == [25..<33, 33..<41, 41..<50])
        #expect(plan.microBatchPlaces(ofStep: 2) == [50..<55, 55..<60])
        for step in 0..<3 {
            for index in plan.microBatchPlaces(ofStep: step).indices {
                let cut = plan.granulePlan(ofStep: step, microBatch: index)
                for rank in 0..<ranks { #expect(cut.samples(ofRank: rank).count <= plan.capacity(ofRank: rank)) }
            }
        }
        #expect((0..<ranks).allSatisfy { plan.capacity(ofRank: $0) <= (9 + ranks - 1) / ranks + 1 })
    }
}
