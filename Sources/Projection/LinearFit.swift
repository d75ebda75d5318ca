/// The line through measured times that makes the *relative* errors small: times of messages reach over five powers of
/// ten, and absolute errors would leave the latency to chance.
///
/// Minimises Σ wᵢ ((fixed + each · xᵢ − yᵢ) / yᵢ)² by the normal equations, with Huber's weights w taken anew from the
/// residuals a few times (P. J. Huber, "Robust estimation of a location parameter", 1964), so that a single
/// interrupted measurement moves the line little. A part that would be negative becomes zero, the other is fitted alone.
package struct LinearFit: Codable, Sendable, Equatable {
    /// The line.
    package let time: LinearTime
    /// The median of the relative errors' sizes: 0.05 says that half of the points lie within 5 % of the line.
    package let medianError: Double
    /// The largest size of a relative error.
    package let largestError: Double

    private static let rounds = 30
    /// Residuals up to so many standard deviations count fully: 95 % as good as least squares on normal errors.
    private static let huberBound = 1.345
    /// The standard deviation of normal errors over the median of their sizes.
    private static let deviationPerMedian = 1.4826

    /// Fits a line.
    ///
    /// - Throws: `ProjectionError` when there are not two different amounts, or a time is not a positive number.
    package init(_ points: [TimedAmount]) throws(ProjectionError) {
        guard points.allSatisfy({ $0.seconds > 0 && $0.seconds.isFinite && $0.amount >= 0 && $0.amount.isFinite })
        else { throw ProjectionError("A measured time is not a positive number; measure again.") }
        guard Set(points.map(\.amount)).count > 1 else {
            throw ProjectionError("A line needs measurements of at least two different sizes; measure more of them.")
        }
        var weights = [Double](repeating: 1, count: points.count)
        var line = Self.line(points, weights)
        for _ in 0..<Self.rounds {
            let errors = Self.errors(points, line)
            let bound = Self.huberBound * Self.deviationPerMedian * Self.median(errors)
            // Half of the points lie on the line: those errors are none, and the rest are outliers or roundings.
            guard bound > 1e-12 else { break }
            weights = errors.map { min(1, bound / max($0, bound * 1e-6)) }
            line = Self.line(points, weights)
        }
        let errors = Self.errors(points, line)
        time = line
        medianError = Self.median(errors)
        largestError = errors.max() ?? 0
    }

    private static func errors(_ points: [TimedAmount], _ line: LinearTime) -> [Double] {
        points.map { abs(line.seconds($0.amount) - $0.seconds) / $0.seconds }
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
    }

    /// Weighted least squares with both parts at least zero.
    private static func line(_ points: [TimedAmount], _ weights: [Double]) -> LinearTime {
        // Amounts as shares of the largest, so that the equations are well scaled.
        let scale = points.reduce(0) { max($0, $1.amount) }
        var (s, sx, sxx, sy, sxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for (point, weight) in zip(points, weights) {
            let (x, y) = (point.amount / scale, point.seconds)
            let w = weight / (y * y)
            s += w
            sx += w * x
            sxx += w * x * x
            sy += w * y
            sxy += w * x * y
        }
        let determinant = s * sxx - sx * sx
        let fixed = (sxx * sy - sx * sxy) / determinant
        let slope = (s * sxy - sx * sy) / determinant
        if slope < 0 || !slope.isFinite { return LinearTime(fixed: sy / s, each: 0) }
        if fixed < 0 { return LinearTime(fixed: 0, each: sxy / sxx / scale) }
        return LinearTime(fixed: fixed, each: slope / scale)
    }
}
