/// A measured time of a rank's share.
package struct TimedWork: Codable, Sendable, Equatable {
    /// What was computed.
    package let share: WorkShare
    /// How long it took, in seconds.
    package let seconds: Double

    /// A measurement.
    package init(share: WorkShare, seconds: Double) {
        self.share = share
        self.seconds = seconds
    }
}
