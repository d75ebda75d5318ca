import Datasets
import Granules
import Testing

@Suite("Shard plan")
struct ShardPlanTests {
    private func plan(
        _ imageCount: Int, _ globalBatch: Int, granules: Int = 16, ranks: Int = 1, seed: UInt64 = 1,
        shuffle: ShuffleMode = .epoch
    ) -> ShardPlan {
        ShardPlan(
            imageCount: imageCount, globalBatch: globalBatch, shares: .even(granules: granules, ranks: ranks),
            seed: seed,
            shuffle: shuffle)
    }

    @Test(
        "every image exactly once an epoch, over all steps", arguments: [1, 2, 5, 127, 128, 129, 1000], [1, 3, 7, 128])
    func everyImageOnce(imageCount: Int, globalBatch: Int) {
        for shuffle in ShuffleMode.allCases {
            let plan = plan(imageCount, globalBatch, shuffle: shuffle)
            let order = plan.order(epoch: 2)
            let visited = (0..<plan.stepsPerEpoch).flatMap { Array(order[plan.places(ofStep: $0)]) }
            #expect(visited.count == imageCount && Set(visited) == Set(0..<imageCount))
            #expect((0..<plan.stepsPerEpoch).allSatisfy { !plan.places(ofStep: $0).isEmpty })
            #expect((0..<plan.stepsPerEpoch - 1).allSatisfy { plan.places(ofStep: $0).count == globalBatch })
        }
    }

    @Test("CIFAR-10 takes 391 steps of 128, the last of 80")
    func cifar() {
        let plan = plan(50_000, 128)
        #expect(plan.stepsPerEpoch == 391)
        #expect(plan.places(ofStep: 389).count == 128)
        #expect(plan.places(ofStep: 390) == 49_920..<50_000)
        #expect(plan.granulePlan(ofStep: 390).sampleCount == 80)
    }

    @Test("the order depends on seed and epoch alone")
    func order() {
        let order = plan(1000, 128).order(epoch: 0)
        #expect(plan(1000, 32, granules: 5, ranks: 3).order(epoch: 0) == order)
        #expect(plan(1000, 128).order(epoch: 1) != order)
        #expect(plan(1000, 128, seed: 2).order(epoch: 0) != order)
        #expect(order != Array(0..<1000))
        #expect(plan(1000, 128, shuffle: .none).order(epoch: 3) == Array(0..<1000))
    }

    /// Each image's mean place over 400 epochs: five standard errors of a uniform place.
    @Test("no image has a preferred place")
    func uniformity() {
        let plan = plan(10, 128)
        var sums = [Double](repeating: 0, count: 10)
        for epoch in 0..<400 {
            for (place, image) in plan.order(epoch: epoch).enumerated() { sums[image] += Double(place) }
        }
        #expect(sums.allSatisfy { abs($0 / 400 - 4.5) < 5 * (8.25 / 400).squareRoot() })
    }

    // Guards the buffers of loader and network, which have this size: with even shares and with others, where a rank may
    // hold more images of a short batch than of a longer one.
    @Test("no rank ever holds more than its capacity", arguments: [1, 2, 3, 5, 7])
    func capacity(ranks: Int) {
        for granules in ranks...20 {
            let rising = GranuleShares(granules: granules, speeds: (1...ranks).map(Double.init))
            let inner = GranuleShares(granules: granules, speeds: (1...ranks).map { $0 == (ranks + 1) / 2 ? 2 : 1 })
            for shares in [.even(granules: granules, ranks: ranks), rising, inner] {
                for (imageCount, globalBatch) in [(1, 128), (5, 128), (50, 128), (127, 128), (300, 128), (39, 20)] {
                    let plan = ShardPlan(
                        imageCount: imageCount, globalBatch: globalBatch, shares: shares, seed: 1, shuffle: .epoch)
                    for step in 0..<plan.stepsPerEpoch {
                        let cut = plan.granulePlan(ofStep: step)
                        for rank in 0..<ranks {
                            #expect(cut.samples(ofRank: rank).count <= plan.capacity(ofRank: rank))
                        }
                    }
                }
            }
        }
    }
}
