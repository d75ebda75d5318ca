import Collectives

/// A started operation of a thread group: finished when every rank has posted its part.
final class ThreadOperation: StartedOperation {
    private let rendezvous: Rendezvous
    private let ticket: ThreadTicket
    private let ledger: OperationLedger
    private let deliver: ([[UInt8]]) throws(CommunicationError) -> Void
    private var isFinished = false

    /// Waits for what `ticket` stands for; `deliver` puts what every rank sent in its place.
    init(
        rendezvous: Rendezvous, ticket: ThreadTicket, ledger: OperationLedger,
        deliver: @escaping ([[UInt8]]) throws(CommunicationError) -> Void
    ) {
        self.rendezvous = rendezvous
        self.ticket = ticket
        self.ledger = ledger
        self.deliver = deliver
        ledger.noteStart()
    }

    func test() throws(CommunicationError) -> Bool {
        try finish(waiting: false)
        return isFinished
    }

    func wait() throws(CommunicationError) {
        try finish(waiting: true)
    }

    private func finish(waiting: Bool) throws(CommunicationError) {
        guard !isFinished, let parts = try rendezvous.collect(ticket, waiting: waiting) else { return }
        try deliver(parts)
        isFinished = true
        ledger.noteFinish()
    }
}
