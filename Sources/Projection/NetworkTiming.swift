/// How long an operation between ranks takes at one size.
package struct NetworkTiming: Codable, Sendable, Equatable {
    /// The operation.
    package let operation: NetworkOperation
    /// The other rank of a ping-pong with rank 0; nil for what all ranks do.
    package let peer: Int?
    /// The bytes of the message, or that every rank holds in the end.
    package let bytes: Int
    /// Seconds of one operation, the median over the repeats; of the rank that takes longest in each.
    package let seconds: Double

    /// A timing.
    package init(operation: NetworkOperation, peer: Int? = nil, bytes: Int, seconds: Double) {
        self.operation = operation
        self.peer = peer
        self.bytes = bytes
        self.seconds = seconds
    }
}
