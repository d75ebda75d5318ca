import Tensors

/// What is said of some parameters of a network: all of a role, all whose names begin alike, or both.
public struct ParameterRule: Hashable, Sendable, Codable {
    /// Only parameters of this role; nil for any.
    public var role: ParameterRole?
    /// Only parameters whose names begin so, as `units.0.`; nil for any.
    public var prefix: String?
    /// The learning rate's factor; nil to leave it.
    public var rateFactor: Double?
    /// The weight decay in place of the optimiser's; nil to leave it.
    public var weightDecay: Double?
    /// The first step, from 0, that trains them; nil to leave it.
    public var trainableFrom: Int?
    /// The step that does not train them any more, nor any after it; nil to leave it.
    public var trainableUntil: Int?

    /// A rule for the parameters of a role, or with a prefix, or both.
    public init(
        role: ParameterRole? = nil, prefix: String? = nil, rateFactor: Double? = nil, weightDecay: Double? = nil,
        trainableFrom: Int? = nil, trainableUntil: Int? = nil
    ) {
        self.role = role
        self.prefix = prefix
        self.rateFactor = rateFactor
        self.weightDecay = weightDecay
        self.trainableFrom = trainableFrom
        self.trainableUntil = trainableUntil
    }

    /// Puts the rule over what is said of a parameter so far, if it is meant.
    func apply(to settings: inout ParameterSettings, of name: String, _ role: ParameterRole) {
        guard self.role == nil || self.role == role, name.hasPrefix(prefix ?? "") else { return }
        settings.rateFactor = rateFactor ?? settings.rateFactor
        settings.weightDecay = weightDecay ?? settings.weightDecay
        let first = trainableFrom ?? settings.trainedSteps.lowerBound
        settings.trainedSteps = first..<max(first, trainableUntil ?? settings.trainedSteps.upperBound)
    }

    /// Checks the numbers.
    ///
    /// - Throws: `ArchitectureError` naming the one that cannot be.
    func validate() throws(ArchitectureError) {
        for (name, value) in [("rateFactor", rateFactor), ("weightDecay", weightDecay)] {
            guard let value, !(value.isFinite && value >= 0) else { continue }
            throw ArchitectureError("A rule for parameters has a \(name) of \(value); choose a number from 0 on.")
        }
        for (name, value) in [("trainableFrom", trainableFrom), ("trainableUntil", trainableUntil)] {
            guard let value, value < 0 else { continue }
            throw ArchitectureError("A rule for parameters has a \(name) of \(value); choose a step from 0 on.")
        }
    }
}
