import GradientExchange
import Granules

/// What the operations of a step cost for one cut of the batch.
struct StepCosts {
    let collectives: CollectiveCost
    private let shape: StepShape
    private let subtreeCounts: [Int]

    init(_ shape: StepShape, _ network: NetworkModel, _ plan: GranulePlan) {
        self.shape = shape
        collectives = CollectiveCost(network, ranks: plan.rankCount)
        subtreeCounts = plan.subtreesByRank.map(\.count)
    }

    func smallSum(width: Int) -> TransferTime {
        let rowBytes = width * MemoryLayout<Double>.stride
        switch shape.reduction {
        case .ordered: return collectives.allGather(subtreeCounts.map { $0 * rowBytes })
        case .fast: return collectives.sum(bytes: rowBytes)
        }
    }

    func bucket(_ bucket: Range<Int>) -> [TransferTime] {
        switch shape.reduction {
        case .fast: return [collectives.sum(bytes: bucket.count * MemoryLayout<Float>.stride)]
        case .ordered:
            let slices = BucketSlices(bucket: bucket, rankCount: collectives.ranks).slices
            let subtreeCount = subtreeCounts.reduce(0, +)
            let busiest = zip(slices, subtreeCounts).reduce(0) { most, rank in
                let sent = (bucket.count - rank.0.count) * rank.1
                let received = rank.0.count * (subtreeCount - rank.1)
                return max(most, sent, received)
            }
            return [
                collectives.allToAll(busiestRankBytes: busiest * shape.compression.byteCount),
                collectives.allGather(slices.map { $0.count * shape.compression.byteCount }),
            ]
        }
    }
}
