/// An operation between ranks that training uses, or the plain message that the model is fitted to.
package enum NetworkOperation: String, Codable, Sendable, CaseIterable {
    /// A message from rank 0 to another rank and back; half the time counts.
    case pingPong = "ping_pong"
    /// Gathering sections everywhere while waiting, as batch normalisation does.
    case smallSum = "small_sum"
    /// An all-to-all of slices and an all-gather of them, as the ordered reduction of gradients does.
    case orderedReduction = "ordered_reduction"
    /// A sum of floats in MPI's order, as the fast reduction does.
    case floatSum = "float_sum"

    /// The operation in words.
    package var words: String {
        switch self {
        case .pingPong: "ping-pong"
        case .smallSum: "small sum (all-gather)"
        case .orderedReduction: "ordered reduction"
        case .floatSum: "sum of floats"
        }
    }

    /// The bytes that the ranks pass for a size: as many for each rank, of whole floats or doubles.
    package func bytes(near size: Int, ranks: Int) -> Int {
        switch self {
        case .pingPong, .floatSum: size
        case .smallSum, .orderedReduction: max(8, size / ranks / 8 * 8) * ranks
        }
    }

    /// What the model says about the operation.
    package func modelled(bytes: Int, _ network: NetworkModel, ranks: Int) -> TransferTime {
        let cost = CollectiveCost(network, ranks: ranks)
        let section = bytes / ranks
        let sections = Array(repeating: section, count: ranks)
        switch self {
        case .pingPong:
            return TransferTime(latency: network.latency, transfer: Double(bytes) * network.secondsPerByte)
        case .smallSum: return cost.allGather(sections)
        case .orderedReduction:
            return cost.allToAll(busiestRankBytes: section * (ranks - 1)) + cost.allGather(sections)
        case .floatSum: return cost.sum(bytes: bytes)
        }
    }
}
