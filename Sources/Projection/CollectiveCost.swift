/// What operations over some ranks cost on a network, by the algorithms that Open MPI's non-blocking collectives
/// (component libnbc) choose. Its all-gathers and all-to-alls with sections of different lengths are linear: a rank
/// posts all its sends and receives at once. Its sums in place go up and down a binomial tree.
///
/// Every rank has the network to itself, and nothing between the ranks is shared.
package struct CollectiveCost: Sendable {
    /// The network.
    package let network: NetworkModel
    /// The number of ranks.
    package let ranks: Int

    /// Costs on a network.
    package init(_ network: NetworkModel, ranks: Int) {
        precondition(ranks > 0, "at least one rank")
        self.network = network
        self.ranks = ranks
    }

    /// An all-gather of sections of so many bytes: α + (R − 2) g + (largest number of bytes in or out of a rank) / β.
    package func allGather(_ byteCounts: [Int]) -> TransferTime {
        precondition(byteCounts.count == ranks, "\(byteCounts.count) sections, \(ranks) ranks")
        let received = byteCounts.reduce(0, +) - (byteCounts.min() ?? 0)
        return linear(bytes: max(received, (byteCounts.max() ?? 0) * (ranks - 1)))
    }

    /// An all-to-all in which no rank sends or receives more than `bytes`: α + (R − 2) g + bytes / β.
    package func allToAll(busiestRankBytes bytes: Int) -> TransferTime { linear(bytes: bytes) }

    /// A sum of `bytes` in place: 2 ⌈log₂ R⌉ (α + bytes / β).
    package func sum(bytes: Int) -> TransferTime {
        guard ranks > 1 else { return .none }
        let rounds = Double(2 * (Int.bitWidth - (ranks - 1).leadingZeroBitCount))
        return TransferTime(
            latency: rounds * network.latency, transfer: rounds * Double(bytes) * network.secondsPerByte)
    }

    private func linear(bytes: Int) -> TransferTime {
        guard ranks > 1 else { return .none }
        return TransferTime(
            latency: network.latency + Double(ranks - 2) * network.secondsPerMessage,
            transfer: Double(bytes) * network.secondsPerByte)
    }
}
