/// Counts the operations that one rank has started and not yet finished, over all its channels.
package final class OperationLedger {
    private var unfinished = 0

    /// An empty ledger.
    package init() {}

    /// Notes that an operation was started.
    package func noteStart() { unfinished += 1 }

    /// Notes that an operation has finished.
    package func noteFinish() { unfinished -= 1 }

    /// Throws when an operation is unfinished: its memory still belongs to the transport.
    package func requireEmpty(on communicator: any Communicator) throws(CommunicationError) {
        guard unfinished == 0 else {
            throw CommunicationError(
                operation: .finish, rank: communicator.rank, hostName: communicator.hostName,
                reason: "started operations were never finished (\(unfinished) of them)",
                nextStep: "Please report this with the command you ran: it is a mistake in the program.")
        }
    }
}
