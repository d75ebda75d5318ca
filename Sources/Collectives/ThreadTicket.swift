/// One rank's part in one operation of a thread group.
struct ThreadTicket {
    /// The channel: the numbers of the `makeChannel` calls that led to it.
    let channel: [Int]
    /// The position among the operations of the channel.
    let number: Int
    /// The rank taking part.
    let rank: Int
    /// What it believes the operation to be.
    let operation: CollectiveOperation
    /// The machine, for errors.
    let hostName: String

    func error(_ reason: String) -> CommunicationError {
        CommunicationError(
            operation: operation, rank: rank, hostName: hostName, reason: reason,
            nextStep: "All ranks must take part in the same operations in the same order.")
    }
}
