import Collectives
import GradientExchange
import Granules
import Kernels
import Tensors
import TestSupport
import Testing
import ThreadRanks

@Suite("The ordered reduction", .endsHangs)
struct OrderedReductionTests {
    static let rankCounts = [1, 2, 3, 4, 5, 7, 8, 16]
    static let granuleCounts = [16, 8, 12, 20]

    @Test(
        "gives every rank the bits of the tree, on any number of ranks",
        arguments: rankCounts, granuleCounts)
    func sameBitsOnAnyNumberOfRanks(ranks: Int, granuleCount: Int) throws {
        guard ranks <= granuleCount else { return }
        let plan = GranulePlan(sampleCount: 80, granuleCount: granuleCount, rankCount: ranks)
        let gradients = GranuleGradients(plan: plan, width: 700)
        let results = try ExchangeRun(gradients: gradients).run()
        let expected = gradients.total(as: Float.self).map(\.bitPattern)
        for result in results { #expect(result.map(\.bitPattern) == expected) }
    }

    @Test(
        "gives the bits of a rounded tree when gradients travel in 16 bits",
        arguments: rankCounts, [GradientCompression.bf16, .fp16])
    func compressedBitsAreTheSame(ranks: Int, compression: GradientCompression) throws {
        let plan = GranulePlan(sampleCount: 80, granuleCount: 20, rankCount: ranks)
        let gradients = GranuleGradients(plan: plan, width: 701)
        let results = try ExchangeRun(gradients: gradients, compression: compression, isUneven: true).run()
        let expected = gradients.sum(over: 0..<20, as: compression).map(\.bitPattern)
        for result in results { #expect(result.map(\.bitPattern) == expected) }
        #expect(expected != gradients.total(as: Float.self).map(\.bitPattern))
    }

    @Test("is not what summing rank by rank gives: comparing bits means something", arguments: [3, 5, 7])
    func naiveOrderDiffers(ranks: Int) {
        let plan = GranulePlan(sampleCount: 80, granuleCount: 16, rankCount: ranks)
        let gradients = GranuleGradients(plan: plan, width: 700)
        #expect(gradients.naiveTotal() != gradients.total(as: Float.self))
    }

    @Test("takes part without samples: their granules are zeros", arguments: [3, 5, 8])
    func ranksWithoutSamples(ranks: Int) throws {
        let plan = GranulePlan(sampleCount: 2, granuleCount: 16, rankCount: ranks)
        #expect((0..<ranks).contains { plan.samples(ofRank: $0).isEmpty })
        let gradients = GranuleGradients(plan: plan, width: 100)
        let results = try ExchangeRun(gradients: gradients).run()
        #expect(results == Array(repeating: gradients.total(), count: ranks))
    }

    // Guards: sums that are on their way at once do not share a buffer, whichever is waited for first.
    @Test("keeps sums apart that are on their way together", arguments: [1, 2, 3, 5], ReductionOrder.allCases)
    func severalSumsAtOnce(ranks: Int, reduction: ReductionOrder) throws {
        let plan = GranulePlan(sampleCount: 80, granuleCount: 16, rankCount: ranks)
        let data = [7, 7, 3, 7].enumerated().map { GranuleGradients(plan: plan, width: $1, seed: UInt64($0)) }
        let results = try ThreadGroup.run(ranks: ranks) { communicator in
            let subtrees = plan.subtrees(ofRank: communicator.rank)
            let store = try ParameterStore(table: ParameterTable(), subtreeCount: subtrees.count)
            let exchange = try GradientExchange(communicator: communicator, parameters: store, reduction: reduction)
            var sums: [[Double]] = []
            for _ in 0..<2 {
                try exchange.begin(plan: plan)
                let started = try data.map { rows in
                    let partials = subtrees.flatMap { rows.sum(over: $0, as: Double.self) }
                    return try exchange.startSum(partials, width: rows.rows[0].count)
                }
                sums = try started.reversed().map { try $0.finish() }.reversed()
                try exchange.finish()
            }
            return sums
        }
        for sums in results {
            for (sum, rows) in zip(sums, data) {
                let expected: [Double] = rows.total()
                let distances = zip(sum, expected).map { abs($0 - $1) }
                let tolerances = reduction == .ordered ? expected.map { _ in 0 } : rows.tolerances(Double.ulpOfOne)
                #expect(zip(distances, tolerances).allSatisfy { $0 <= $1 })
            }
        }
    }

    @Test("sums doubles in tree order, of several widths by turns", arguments: rankCounts)
    func sumsOfDoubles(ranks: Int) throws {
        let plan = GranulePlan(sampleCount: 80, granuleCount: 20, rankCount: ranks)
        let data = [1, 513, 2, 513, 129].map { GranuleGradients(plan: plan, width: $0, seed: UInt64($0)) }
        for reduction in ReductionOrder.allCases {
            let results = try ThreadGroup.run(ranks: ranks) { communicator in
                let subtrees = plan.subtrees(ofRank: communicator.rank)
                let store = try ParameterStore(table: ParameterTable(), subtreeCount: subtrees.count)
                let exchange = try GradientExchange(
                    communicator: communicator, parameters: store, reduction: reduction)
                try exchange.begin(plan: plan)
                let sums = try data.map { rows in
                    let partials = subtrees.flatMap { rows.sum(over: $0, as: Double.self) }
                    return try exchange.sum(partials, width: rows.rows[0].count)
                }
                try exchange.finish()
                return sums
            }
            #expect(results == Array(repeating: results[0], count: ranks))
            for (sums, rows) in zip(results[0], data) {
                let expected: [Double] = rows.total()
                if reduction == .ordered { #expect(sums.map(\.bitPattern) == expected.map(\.bitPattern)) }
                let distances = zip(sums, expected).map { abs($0 - $1) }
                #expect(zip(distances, rows.tolerances(Double.ulpOfOne)).allSatisfy { $0 <= $1 })
            }
        }
    }
}
