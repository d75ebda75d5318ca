import Collectives

/// Small sums over all ranks that are on their way.
public final class StartedSum {
    private let ledger: WaitLedger
    private let wait: () throws(CommunicationError) -> [Double]

    init(_ ledger: WaitLedger, wait: @escaping () throws(CommunicationError) -> [Double]) {
        self.ledger = ledger
        self.wait = wait
    }

    /// The sums, once all ranks have started them. Called once, in the same order on every rank.
    public func finish() throws(CommunicationError) -> [Double] { try ledger.blocked(wait) }
}
