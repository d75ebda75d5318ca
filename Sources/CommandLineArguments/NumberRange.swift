/// The numbers an option accepts; its description completes the sentence "--dropout takes a number …".
public struct NumberRange: Hashable, Sendable, CustomStringConvertible {
    private let lower: Double
    private let upper: Double
    private let includesLower: Bool
    private let includesUpper: Bool

    private init(_ lower: Double, _ upper: Double, includesLower: Bool, includesUpper: Bool) {
        self.lower = lower
        self.upper = upper
        self.includesLower = includesLower
        self.includesUpper = includesUpper
    }

    /// Every finite number.
    public static let anyNumber = NumberRange(-.infinity, .infinity, includesLower: false, includesUpper: false)

    /// Numbers greater than zero.
    public static let positive = NumberRange(0, .infinity, includesLower: false, includesUpper: false)

    /// Numbers that are `lower` or more.
    public static func atLeast(_ lower: Double) -> NumberRange {
        NumberRange(lower, .infinity, includesLower: true, includesUpper: false)
    }

    /// Numbers between two bounds, both included.
    public static func between(_ bounds: ClosedRange<Double>) -> NumberRange {
        NumberRange(bounds.lowerBound, bounds.upperBound, includesLower: true, includesUpper: true)
    }

    /// Numbers that are `lower` or more and less than `upper`.
    public static func from(_ lower: Double, below upper: Double) -> NumberRange {
        NumberRange(lower, upper, includesLower: true, includesUpper: false)
    }

    /// Whether the range holds a number; never true of NaN and infinities, since infinite bounds are excluded.
    public func contains(_ value: Double) -> Bool {
        let isHighEnough = includesLower ? value >= lower : value > lower
        let isLowEnough = includesUpper ? value <= upper : value < upper
        return isHighEnough && isLowEnough
    }

    /// The bounds in words, such as `from 0 to below 1`; empty when every number is accepted.
    public var description: String {
        func text(_ bound: Double) -> String { ParsedValue.number(bound).spelling }
        let from = includesLower ? "from \(text(lower))" : "greater than \(text(lower))"
        let to = includesUpper ? "to \(text(upper))" : "to below \(text(upper))"
        switch (lower.isFinite, upper.isFinite) {
        case (false, false): return ""
        case (true, false): return includesLower ? "of at least \(text(lower))" : from
        case (false, true): return includesUpper ? "of at most \(text(upper))" : "below \(text(upper))"
        case (true, true): return "\(from) \(to)"
        }
    }
}
