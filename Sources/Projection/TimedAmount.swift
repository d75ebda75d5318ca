/// A measured time of some amount, such as the bytes of a message or the images of a step.
package struct TimedAmount: Codable, Sendable, Equatable {
    /// How much there was; not negative.
    package let amount: Double
    /// How long it took, in seconds.
    package let seconds: Double

    /// A measurement.
    package init(amount: Double, seconds: Double) {
        self.amount = amount
        self.seconds = seconds
    }
}
