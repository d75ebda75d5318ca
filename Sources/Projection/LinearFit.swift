/// The line through measured times that makes the relative errors small: times of messages reach over five powers of ten,
/// and absolute errors would leave the latency to chance. Neither part is negative.
package struct LinearFit: Codable, Sendable, Equatable {
    /// The line.
    package let time: LinearTime
    /// The median of the relative errors' sizes: 0.05 says that half of the points lie within 5 % of the line.
    package let medianError: Double
    /// The largest size of a relative error.
    package let largestError: Double

    /// Fits a line.
    ///
    /// - Throws: `ProjectionError` when there are not two different amounts, or a time is not a positive number.
    package init(_ points: [TimedAmount]) throws(ProjectionError) {
        guard Set(points.map(\.amount)).count > 1 else {
            throw ProjectionError("A line needs measurements of at least two different sizes; measure more of them.")
        }
        let fit = try RelativeLeastSquares(features: points.map { [1, $0.amount] }, seconds: points.map(\.seconds))
        time = LinearTime(fixed: fit.coefficients[0], each: fit.coefficients[1])
        medianError = fit.medianError
        largestError = fit.largestError
    }
}

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
