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

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case role, prefix, rateFactor, weightDecay, trainableFrom, trainableUntil
    }

    /// Reads it; all may be left out.
    ///
    /// - Throws: `ArchitectureError` naming a setting that there is not; `DecodingError`.
    public init(from decoder: any Decoder) throws {
        try decoder.requireSettings(CodingKeys.allCases.map(\.stringValue), of: "A rule for parameters")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        role = try values.decodeIfPresent(ParameterRole.self, forKey: .role)
        prefix = try values.decodeIfPresent(String.self, forKey: .prefix)
        rateFactor = try values.decodeIfPresent(Double.self, forKey: .rateFactor)
        weightDecay = try values.decodeIfPresent(Double.self, forKey: .weightDecay)
        trainableFrom = try values.decodeIfPresent(Int.self, forKey: .trainableFrom)
        trainableUntil = try values.decodeIfPresent(Int.self, forKey: .trainableUntil)
    }

    /// Whether the rule is for a parameter of that name and role.
    func isMeant(for name: String, _ role: ParameterRole) -> Bool {
        (self.role ?? role) == role && name.hasPrefix(prefix ?? "")
    }

    /// The rule as the start of a sentence.
    var subject: String {
        let role = role.map { " of role '\($0.rawValue)'" } ?? ""
        let prefix = prefix.map { " with the prefix \(ArchitectureError.quoted($0))" } ?? ""
        return "A rule for parameters\(role)\(prefix)"
    }

    /// Puts the rule over what is said of a parameter so far, if it is meant.
    func apply(to settings: inout ParameterSettings, of name: String, _ role: ParameterRole) {
        guard isMeant(for: name, role) else { return }
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
            guard let value, !(Float(value).isFinite && value >= 0) else { continue }
            throw ArchitectureError(
                "\(subject) has a \(name) of \(value); choose a number from 0 to \(Float.greatestFiniteMagnitude).")
        }
        for (name, value) in [("trainableFrom", trainableFrom), ("trainableUntil", trainableUntil)] {
            guard let value, value < 0 else { continue }
            throw ArchitectureError("\(subject) has a \(name) of \(value); choose a step from 0 on.")
        }
        if let trainableFrom, let trainableUntil, trainableUntil <= trainableFrom {
            throw ArchitectureError(
                "\(subject) is trainable from step \(trainableFrom) until step \(trainableUntil), which is never; choose a "
                    + "later trainableUntil, or a rateFactor of 0.")
        }
    }
}
