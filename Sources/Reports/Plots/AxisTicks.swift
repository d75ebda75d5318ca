import Foundation

/// Where an axis is marked, and with what words.
package struct AxisTicks: Sendable, Equatable {
    /// The marked values, rising.
    package let values: [Double]
    /// One text for each value, all with the same decimals where the steps are equal.
    package let labels: [String]

    /// Marks at given values, such as the measured numbers of cores.
    package init(at values: [Double]) {
        self.values = values
        labels = values.map(Self.label)
    }

    /// Equal steps of 1, 2 or 5 times a power of ten from 0 to at least `limit`, about `count` of them.
    package init(upTo limit: Double, count: Int = 5) {
        let limit = limit.isFinite && limit > 0 ? limit : 1
        let rough = limit / Double(max(1, count))
        let power = pow(10, floor(log10(rough)))
        // Against the rounding of a step that is exactly a power.
        let step = power * (rough / power < 1.001 ? 1 : rough / power < 2.001 ? 2 : rough / power < 5.001 ? 5 : 10)
        let last = Int((limit / step - 1e-9).rounded(.up))
        let decimals = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
        values = (0...last).map { Double($0) * step }
        labels = values.map { String(format: "%.\(decimals)f", $0) }
    }

    /// Powers of two from the one at or below the range to the one at or above it, for a logarithmic axis.
    package init(doublingOver range: ClosedRange<Double>) {
        let lower = Int(floor(log2(max(range.lowerBound, 1e-9)) + 1e-9))
        let upper = max(lower + 1, Int(ceil(log2(max(range.upperBound, 1e-9)) - 1e-9)))
        self.init(at: (lower...upper).map { exp2(Double($0)) })
    }

    private static func label(_ value: Double) -> String {
        value == value.rounded() ? String(format: "%.0f", value) : String(format: "%.3g", value)
    }
}
