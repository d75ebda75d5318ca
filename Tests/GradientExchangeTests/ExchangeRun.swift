import Collectives
import Foundation
import GradientExchange
import Granules
import Kernels
import Tensors
import ThreadRanks

/// Runs gradient exchanges over threads and returns what every rank holds at the end.
struct ExchangeRun: Sendable {
    var gradients: GranuleGradients
    var reduction = ReductionOrder.ordered
    var compression = GradientCompression.single
    var bucketByteCount = 256
    /// The lengths of the ready ranges from the end of the block, repeated as often as needed.
    var readyLengths = [48]
    /// Ranks pause for random times between calls, so that they advance at different paces.
    var isUneven = false
    /// Calls of `progress()` after each ready range.
    var progressCount = 1
    var stepCount = 1

    /// The gradients of each rank after the last step.
    func run() throws -> [[Float]] {
        let plan = gradients.plan
        return try ThreadGroup.run(ranks: plan.rankCount) { communicator in
            let subtrees = plan.subtrees(ofRank: communicator.rank)
            var table = ParameterTable()
            table.declare("all", [gradients.rows[0].count], role: .weight)
            let store = try ParameterStore(table: table, subtreeCount: subtrees.count)
            let exchange = try GradientExchange(
                communicator: communicator, parameters: store, bucketByteCount: bucketByteCount, reduction: reduction,
                compression: compression, clock: Self.hastyClock())
            for _ in 0..<stepCount {
                for (block, subtree) in zip(store.gradientPartials, subtrees) {
                    for (index, value) in gradients.sum(over: subtree, as: compression).enumerated() {
                        block.pointer[index] = value
                    }
                }
                try step(exchange, plan: plan)
            }
            try communicator.finish()
            return Array(store.gradients.values.prefix(gradients.rows[0].count))
        }
    }

    /// A second passes from reading to reading, so that no call of `progress()` is passed over.
    private static func hastyClock() -> () -> Double {
        var seconds = 0.0
        return {
            seconds += 1
            return seconds
        }
    }

    private func step(_ exchange: GradientExchange, plan: GranulePlan) throws {
        var pauses = RandomStream(seed: 9, purpose: .shuffle, sample: exchange.communicator.rank)
        try exchange.begin(plan: plan)
        var upper = gradients.rows[0].count
        var lengths = readyLengths.makeIterator()
        while upper > 0 {
            let length = lengths.next() ?? readyLengths.last!
            let lower = max(0, upper - length)
            try exchange.start(lower..<upper)
            if isUneven { Thread.sleep(forTimeInterval: Double(pauses.uniform(0, 0.001))) }
            for _ in 0..<progressCount { try exchange.progress() }
            upper = lower
        }
        try exchange.finish()
    }
}
