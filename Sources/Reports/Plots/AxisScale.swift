import Foundation

/// How values of an axis become positions on it.
package struct AxisScale: Sendable, Equatable {
    /// The law between values and positions.
    package enum Law: Sendable {
        /// Equal differences take equal lengths.
        case linear
        /// Equal ratios take equal lengths; for positive values only.
        case logarithmic
    }

    /// The law.
    package let law: Law
    private let domain: ClosedRange<Double>
    private let start: Double
    private let end: Double

    /// A scale that puts the lower bound of `domain` at `start` and the upper one at `end`; `start` may be the larger,
    /// as for a vertical axis.
    package init(_ law: Law, domain: ClosedRange<Double>, from start: Double, to end: Double) {
        precondition(law == .linear || domain.lowerBound > 0, "a logarithmic axis has positive values only")
        self.law = law
        self.domain = domain
        self.start = start
        self.end = end
    }

    /// The position of a value; beyond the ends for values beyond the domain.
    package func position(of value: Double) -> Double {
        let (lower, upper, at) = (transformed(domain.lowerBound), transformed(domain.upperBound), transformed(value))
        return upper == lower ? (start + end) / 2 : start + (at - lower) / (upper - lower) * (end - start)
    }

    private func transformed(_ value: Double) -> Double {
        law == .linear ? value : log2(max(value, .leastNormalMagnitude))
    }
}
