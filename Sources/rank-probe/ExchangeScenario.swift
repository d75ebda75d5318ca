import Collectives
import GradientExchange
import Granules
import Tensors

/// Three steps of the gradient exchange on made-up gradients, with batch-norm-like sums in between.
struct ExchangeScenario {
    let communicator: any Communicator
    let reduction: ReductionOrder

    private let granuleCount = 12
    private let statisticWidth = 33

    func run() throws -> String {
        let plan = GranulePlan(sampleCount: 80, granuleCount: granuleCount, rankCount: communicator.size)
        let subtrees = plan.subtrees(ofRank: communicator.rank)
        let store = try ParameterStore(table: table(), subtreeCount: subtrees.count)
        let exchange = try GradientExchange(
            communicator: communicator, parameters: store, bucketByteCount: 5000, reduction: reduction)
        var digest = Digest()
        for step in 0..<3 {
            let gradients = GranuleData(granuleCount: granuleCount, width: store.table.blockCount, step: step)
            let statistics = GranuleData(granuleCount: granuleCount, width: statisticWidth, step: step + 100)
            for (block, subtree) in zip(store.gradientPartials, subtrees) {
                let partial: [Float] = gradients.sum(over: subtree)
                block.copy(from: Tensor([block.count], values: partial))
            }
            try exchange.begin(plan: plan)
            for parameter in store.table.parameters.reversed() {
                try exchange.start(parameter.range)
                let sums = try exchange.sum(
                    subtrees.flatMap { statistics.sum(over: $0, as: Double.self) }, width: statisticWidth)
                try check(sums, statistics)
                digest.add(sums.map(\.bitPattern))
            }
            try exchange.finish()
            try check(store.gradients.values, gradients)
            digest.add(store.gradients.values.map { UInt64($0.bitPattern) })
        }
        let digests = try communicator.allGather(Array("\(digest)".utf8))
        try ProbeFailure.require(digests, equals: Array(repeating: digests[0], count: digests.count), "the exchange")
        return "digest \(digest)"
    }

    private func table() -> ParameterTable {
        var table = ParameterTable()
        for (index, count) in [27, 64, 9000, 3, 1, 4000, 20].enumerated() {
            table.declare("parameter.\(index)", [count], role: .weight)
        }
        return table
    }

    /// Ordered sums have the bits of the tree; fast ones are near the exact sum.
    private func check<Number: BinaryFloatingPoint>(_ sums: [Number], _ data: GranuleData) throws {
        let tree: [Number] = data.sum(over: 0..<granuleCount)
        guard reduction == .fast || sums == tree else {
            throw ProbeFailure("The ordered sum is not that of the tree. Look at its order.")
        }
        let exact: [Double] = data.sum(over: 0..<granuleCount)
        for index in sums.indices {
            let magnitude = data.rows.reduce(0) { $0 + abs(Double($1[index])) }
            let tolerance = Double(Number.ulpOfOne) * 16 * magnitude
            guard abs(Double(sums[index]) - exact[index]) <= tolerance else {
                throw ProbeFailure("A sum is \(sums[index]); expected \(exact[index]). Look at what was left out.")
            }
        }
    }
}
