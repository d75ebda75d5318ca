import Collectives
import Foundation
import GradientExchange
import Granules
import Tensors
import TestSupport
import Testing
import ThreadRanks

/// A failure made on purpose.
private struct Deliberate: Error {}

@Suite("The gradient exchange", .endsHangs)
struct GradientExchangeTests {
    private func gradients(ranks: Int, width: Int, granuleCount: Int = 16) -> GranuleGradients {
        GranuleGradients(
            plan: GranulePlan(sampleCount: 128, granuleCount: granuleCount, rankCount: ranks), width: width)
    }

    @Test("does not depend on the size of buckets or of ready ranges", arguments: [1, 2, 3, 5, 8])
    func randomBuckets(ranks: Int) throws {
        let gradients = gradients(ranks: ranks, width: 1234)
        let expected: [Float] = gradients.total()
        var stream = RandomStream(seed: 5, purpose: .shuffle, sample: ranks)
        for bucketByteCount in [1, 64, 1 << 20] + (0..<5).map({ _ in Int(stream.uniform(1, 6000)) }) {
            let readyLengths = [1234 % 16 + 16] + (0..<20).map { _ in 16 * Int(stream.uniform(1, 20)) }
            let run = ExchangeRun(
                gradients: gradients, bucketByteCount: bucketByteCount, readyLengths: readyLengths)
            #expect(try run.run() == Array(repeating: expected, count: ranks), "buckets of \(bucketByteCount) bytes")
        }
    }

    @Test(
        "holds when ranks advance at different paces, step after step", arguments: [2, 3, 5], ReductionOrder.allCases)
    func unevenPaces(ranks: Int, reduction: ReductionOrder) throws {
        let gradients = gradients(ranks: ranks, width: 2000, granuleCount: 12)
        let run = ExchangeRun(
            gradients: gradients, reduction: reduction, bucketByteCount: 512, readyLengths: [80], isUneven: true,
            stepCount: 3)
        let results = try run.run()
        #expect(results == Array(repeating: results[0], count: ranks))
        let exact: [Double] = gradients.total()
        let tolerances = gradients.tolerances(Double(Float.ulpOfOne))
        for (index, sum) in results[0].enumerated() {
            #expect(abs(Double(sum) - exact[index]) <= tolerances[index])
        }
        if reduction == .ordered { #expect(results[0] == gradients.total()) }
    }

    @Test("sums a block larger than the chunks it is added in", arguments: [3])
    func largeSlices(ranks: Int) throws {
        let gradients = gradients(ranks: ranks, width: 20_000)
        let run = ExchangeRun(gradients: gradients, bucketByteCount: 1 << 20, readyLengths: [20_000])
        #expect(try run.run() == Array(repeating: gradients.total(), count: ranks))
    }

    @Test("leaves a single rank's gradients where they are")
    func singleRank() throws {
        var table = ParameterTable()
        table.declare("weight", [5], role: .weight)
        let store = try ParameterStore(table: table, subtreeCount: 1)
        store.gradients.fill(3)
        let exchange = try GradientExchange(communicator: SoloCommunicator(), parameters: store)
        #expect(exchange.reduction == .ordered)
        try exchange.begin(plan: GranulePlan(sampleCount: 128, granuleCount: 16, rankCount: 1))
        try exchange.start(0..<5)
        try exchange.finish()
        #expect(store.gradients.values == Array(repeating: 3, count: 16))
        #expect(try exchange.sum([2, 3], width: 2) == [2, 3])
    }

    // Guards: progress in the middle of backward changes when buckets travel, never what they come to.
    @Test(
        "gives the same bits however often progress is called, with buckets of odd sizes",
        arguments: [1, 2, 3, 5], ReductionOrder.allCases)
    func progressChangesNothing(ranks: Int, reduction: ReductionOrder) throws {
        let gradients = gradients(ranks: ranks, width: 3001)
        var results: [[[Float]]] = []
        for (progressCount, bucketByteCount) in [(0, 4096), (1, 4096), (7, 4096), (7, 1001), (7, 333)] {
            let run = ExchangeRun(
                gradients: gradients, reduction: reduction, bucketByteCount: bucketByteCount,
                readyLengths: [3001 % 16 + 16, 112], isUneven: progressCount == 7, progressCount: progressCount)
            results.append(try run.run())
        }
        // Threads add in rank order, so that here even the fast reduction has one order.
        for result in results { #expect(result == results[0]) }
        if reduction == .ordered { #expect(results[0] == Array(repeating: gradients.total(), count: ranks)) }
    }

    @Test("ends on all ranks when one throws in the middle of a step", arguments: [2, 3, 5])
    func errorInTheMiddle(ranks: Int) {
        let plan = GranulePlan(sampleCount: 128, granuleCount: 16, rankCount: ranks)
        for reduction in ReductionOrder.allCases {
            #expect(throws: Deliberate.self) {
                try ThreadGroup.run(ranks: ranks) { communicator in
                    var table = ParameterTable()
                    table.declare("weight", [640], role: .weight)
                    let subtreeCount = plan.subtrees(ofRank: communicator.rank).count
                    let store = try ParameterStore(table: table, subtreeCount: subtreeCount)
                    let exchange = try GradientExchange(
                        communicator: communicator, parameters: store, bucketByteCount: 256, reduction: reduction)
                    try exchange.begin(plan: plan)
                    try exchange.start(320..<640)
                    if communicator.rank == ranks - 1 { throw Deliberate() }
                    try exchange.finish()
                }
            }
        }
    }

    @Test("orders are spelled as on the command line and in checkpoints")
    func orderSpelling() throws {
        #expect(ReductionOrder.allCases.map(\.rawValue) == ["ordered", "fast"])
        let encoded = try JSONEncoder().encode([ReductionOrder.fast])
        #expect(String(decoding: encoded, as: UTF8.self) == #"["fast"]"#)
    }
}
