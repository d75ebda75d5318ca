import Collectives
import GradientExchange
import Tensors
import Testing

/// Made-up gradients of every granule, from 2⁻³⁰ to 2³⁰, so that every order of summation gives other bits.
private struct GranuleGradients {
    let rows: [[Float]]

    init(granules: Int, width: Int) {
        rows = (0..<granules).map { granule in
            var stream = RandomStream(seed: 7, purpose: .synthetic, sample: granule)
            return (0..<width).map { _ in
                Float(sign: .plus, exponent: Int(stream.uniform(-30, 30)), significand: stream.uniform(-2, 2))
            }
        }
    }

    /// The sum of a node, left half plus right half, written independently of the code under test.
    func sum<Number: BinaryFloatingPoint>(_ node: Range<Int>, as type: Number.Type = Number.self) -> [Number] {
        if node.count == 1 { return rows[node.lowerBound].map { Number($0) } }
        var half = 1
        while half * 2 < node.count { half *= 2 }
        let left: [Number] = sum(node.lowerBound..<node.lowerBound + half)
        let right: [Number] = sum(node.lowerBound + half..<node.upperBound)
        return zip(left, right).map { $0 + $1 }
    }
}

@Suite("Sums over ranks")
struct OrderedExchangeTests {
    private static let sizes = [27, 64, 900, 3, 1, 400, 20]

    /// One step of the exchange over `ranks` ranks; returns what each rank ends with.
    private func exchange(
        ranks: Int, granules: Int, bucketBytes: Int, reduction: ReductionOrder = .ordered
    ) throws -> [(gradients: [Float], statistics: [Double])] {
        try ThreadGroup.run(ranks: ranks) { communicator in
            var table = ParameterTable()
            for (index, size) in Self.sizes.enumerated() { table.declare("p\(index)", [size], role: .weight) }
            let plan = GranulePlan(sampleCount: 80, granuleCount: granules, rankCount: communicator.size)
            let subtrees = plan.subtrees(ofRank: communicator.rank)
            let store = ParameterStore(table: table, subtreeCount: subtrees.count)
            let gradients = GranuleGradients(granules: granules, width: table.blockCount)
            let exchange = try GradientExchange(
                communicator: communicator, parameters: store, bucketByteCount: bucketBytes, reduction: reduction)
            var statistics: [Double] = []
            for _ in 0..<2 {
                for (block, subtree) in zip(store.gradientPartials, subtrees) {
                    block.copy(from: Tensor([block.count], values: gradients.sum(subtree)))
                }
                try exchange.begin(plan: plan)
                for parameter in table.parameters.reversed() {
                    try exchange.start(parameter.range)
                    statistics = try exchange.sum(
                        subtrees.flatMap { gradients.sum($0, as: Double.self) }, width: table.blockCount)
                }
                try exchange.finish()
            }
            return (store.gradients.values, statistics)
        }
    }

    // Guards the first promise at its root: any number of ranks, any bucket size, the bits of the one tree.
    @Test(arguments: [1, 2, 3, 4, 5, 7, 8], [8, 12, 16, 20])
    func orderedSumsHaveTheBitsOfTheTree(ranks: Int, granules: Int) throws {
        let gradients = GranuleGradients(granules: granules, width: 1_472)
        let results = try exchange(ranks: ranks, granules: granules, bucketBytes: [64, 1_000, 1 << 20][ranks % 3])
        for result in results {
            #expect(result.gradients == gradients.sum(0..<granules))
            #expect(result.statistics == gradients.sum(0..<granules))
        }
    }

    // Guards the guard: summing in rank order gives other bits on these numbers, so the comparison above can fail.
    @Test func anotherOrderGivesOtherBits() {
        let gradients = GranuleGradients(granules: 16, width: 1_472)
        let inOrder = gradients.rows.dropFirst().reduce(gradients.rows[0]) { sum, row in zip(sum, row).map { $0 + $1 } }
        #expect(inOrder != gradients.sum(0..<16))
    }

    // Guards: the fast reduction leaves nothing out; ranks agree with each other to the bit.
    @Test(arguments: [1, 2, 3, 5])
    func fastSumsAreClose(ranks: Int) throws {
        let gradients = GranuleGradients(granules: 16, width: 1_472)
        let exact: [Double] = gradients.sum(0..<16)
        let results = try exchange(ranks: ranks, granules: 16, bucketBytes: 1_000, reduction: .fast)
        for result in results {
            #expect(result.gradients == results[0].gradients)
            for index in exact.indices {
                let magnitude = gradients.rows.reduce(0) { $0 + abs(Double($1[index])) }
                #expect(abs(Double(result.gradients[index]) - exact[index]) <= 2e-6 * magnitude)
            }
        }
    }
}
