/// A time that grows with the amount of something: `fixed + each · amount`, in seconds. Neither part is negative.
package struct LinearTime: Codable, Sendable, Equatable {
    /// Seconds whatever the amount.
    package let fixed: Double
    /// Seconds for each further one.
    package let each: Double

    /// A time of those parts.
    package init(fixed: Double, each: Double) {
        self.fixed = fixed
        self.each = each
    }

    /// The seconds for an amount.
    package func seconds(_ amount: Double) -> Double { fixed + each * amount }
}
