/// What communication cost one rank in one step, in seconds.
public struct StepWaits: Hashable, Sendable {
    /// This rank's own work for the exchange while backward ran: packing, handing over to the transport, adding up.
    /// Nothing waits meanwhile, but the core does not compute either.
    public let exchangeWork: Double
    /// Transfers that nothing hid, the same on every rank.
    public let exposedCommunication: Double
    /// Waiting for ranks that came later than this one.
    public let slowestRank: Double

    /// A step in which communication cost nothing, as every step of a single rank.
    public static let none = StepWaits(exchangeWork: 0, exposedCommunication: 0, slowestRank: 0)

    /// The costs of a step.
    package init(exchangeWork: Double, exposedCommunication: Double, slowestRank: Double) {
        self.exchangeWork = exchangeWork
        self.exposedCommunication = exposedCommunication
        self.slowestRank = slowestRank
    }

    /// The costs of `rank`, from how long each rank was blocked in each collective of the step.
    ///
    /// A collective ends for nobody before the last rank has come. That rank waits for the transfer alone, so the
    /// shortest time among the ranks is the transfer; what a rank was blocked beyond it, it waited for the slowest.
    ///
    /// - Parameters:
    ///   - blocked: seconds as `[rank][collective]`, `collectiveCount` of them for each rank.
    ///   - exchangeWork: seconds of this rank's own work.
    package init(
        ofRank rank: Int, blocked: UnsafeBufferPointer<Double>, collectiveCount: Int, exchangeWork: Double
    ) {
        var (transfer, own) = (0.0, 0.0)
        for collective in 0..<collectiveCount {
            var shortest = Double.infinity
            for place in stride(from: collective, to: blocked.count, by: collectiveCount) {
                shortest = min(shortest, blocked[place])
            }
            transfer += shortest
            own += blocked[rank * collectiveCount + collective]
        }
        self.init(exchangeWork: exchangeWork, exposedCommunication: transfer, slowestRank: max(0, own - transfer))
    }
}
