/// The seconds of an operation on a network, by what they depend on.
package struct TransferTime: Codable, Sendable, Equatable {
    /// What the number of messages costs.
    package let latency: Double
    /// What their bytes cost.
    package let transfer: Double

    /// A time of those parts.
    package init(latency: Double, transfer: Double) {
        self.latency = latency
        self.transfer = transfer
    }

    /// Both parts.
    package var total: Double { latency + transfer }

    /// No time: a single rank sends nothing.
    package static let none = TransferTime(latency: 0, transfer: 0)

    /// One after the other.
    package static func + (left: TransferTime, right: TransferTime) -> TransferTime {
        TransferTime(latency: left.latency + right.latency, transfer: left.transfer + right.transfer)
    }
}
