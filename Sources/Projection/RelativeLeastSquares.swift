import Reports

/// Times as sums of a few parts, cⱼ ≥ 0 seconds for each of feature j, such that the *relative* errors are small: measured
/// times reach over powers of ten, and absolute errors would leave the small ones to chance.
///
/// Minimises Σ wᵢ ((Σⱼ cⱼ xᵢⱼ − yᵢ) / yᵢ)² by the normal equations, with Huber's weights w taken anew from the residuals a
/// few times (P. J. Huber, "Robust estimation of a location parameter", 1964), so that a single interrupted measurement
/// moves the fit little. Of all choices of parts that may differ from zero the best one with no negative part counts,
/// which is exact, and cheap for the two or three parts that times have here.
struct RelativeLeastSquares {
    /// The seconds for one of each feature.
    let coefficients: [Double]
    /// The median of the relative errors' sizes: 0.05 says that half of the points lie within 5 % of the fit.
    let medianError: Double
    /// The largest size of a relative error.
    let largestError: Double

    private static let rounds = 30
    /// Residuals up to so many standard deviations count fully: 95 % as good as least squares on normal errors.
    private static let huberBound = 1.345
    /// The standard deviation of normal errors over the median of their sizes.
    private static let deviationPerMedian = 1.4826
    /// A pivot below this share of its feature's own size says that another feature goes with it.
    private static let leastPivot = 1e-9

    /// Fits measurements, each with as many features, none of them negative.
    ///
    /// - Throws: `ProjectionError` when there are none, or a time is not a positive number.
    init(features: [[Double]], seconds: [Double]) throws(ProjectionError) {
        guard seconds.allSatisfy({ $0 > 0 && $0.isFinite }), features.joined().allSatisfy({ $0 >= 0 && $0.isFinite })
        else { throw ProjectionError("A measured time is not a positive number; measure again.") }
        guard let count = features.first?.count else {
            throw ProjectionError("Nothing was measured that times could be fitted to; measure again.")
        }
        // Features as shares of their largest, and times of 1, so that the equations are well scaled.
        let scales = (0..<count).map { feature in
            max(features.reduce(0) { max($0, $1[feature]) }, .leastNormalMagnitude)
        }
        let rows = zip(features, seconds).map { row, y in zip(row, scales).map { $0 / $1 / y } }
        var weights = [Double](repeating: 1, count: rows.count)
        var parts = Self.parts(rows, weights)
        for _ in 0..<Self.rounds {
            let errors = Self.errors(rows, parts)
            let bound = Self.huberBound * Self.deviationPerMedian * errors.median
            // Half of the points are fitted exactly: those errors are none, and the rest are outliers or roundings.
            guard bound > 1e-12 else { break }
            weights = errors.map { min(1, bound / max($0, bound * 1e-6)) }
            parts = Self.parts(rows, weights)
        }
        coefficients = zip(parts, scales).map { $0 / $1 }
        let errors = Self.errors(rows, parts)
        medianError = errors.median
        largestError = errors.max() ?? 0
    }

    /// The sizes of Σⱼ cⱼ xᵢⱼ − 1.
    private static func errors(_ rows: [[Double]], _ parts: [Double]) -> [Double] {
        rows.map { row in abs(zip(row, parts).reduce(-1) { $0 + $1.0 * $1.1 }) }
    }

    /// The weighted fit with no negative part.
    private static func parts(_ rows: [[Double]], _ weights: [Double]) -> [Double] {
        let count = rows[0].count
        var best = (parts: [Double](repeating: 0, count: count), loss: Double.infinity)
        for choice in 1..<1 << count {
            let chosen = (0..<count).filter { choice >> $0 & 1 == 1 }
            guard let solution = solution(rows.map { row in chosen.map { row[$0] } }, weights),
                solution.allSatisfy({ $0 >= 0 })
            else { continue }
            var parts = [Double](repeating: 0, count: count)
            for (feature, part) in zip(chosen, solution) { parts[feature] = part }
            let loss = zip(errors(rows, parts), weights).reduce(0) { $0 + $1.1 * $1.0 * $1.0 }
            if loss < best.loss { best = (parts, loss) }
        }
        return best.parts
    }

    /// The unconstrained weighted fit by Gaussian elimination; nil where features cannot be told apart.
    private static func solution(_ rows: [[Double]], _ weights: [Double]) -> [Double]? {
        let count = rows[0].count
        var matrix = (0..<count).map { i in
            (0...count).map { j in
                zip(rows, weights).reduce(0) { $0 + $1.1 * $1.0[i] * (j < count ? $1.0[j] : 1) }
            }
        }
        let sizes = (0..<count).map { matrix[$0][$0] }
        for pivot in 0..<count {
            guard matrix[pivot][pivot] > leastPivot * sizes[pivot] else { return nil }
            for row in 0..<count where row != pivot {
                let factor = matrix[row][pivot] / matrix[pivot][pivot]
                for column in pivot...count { matrix[row][column] -= factor * matrix[pivot][column] }
            }
        }
        return (0..<count).map { matrix[$0][count] / matrix[$0][$0] }
    }
}
