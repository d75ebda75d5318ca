/// The optimisers there are; the raw value is the name on the command line and in plans.
public enum OptimizerKind: String, Codable, Sendable, CaseIterable {
    /// Stochastic gradient descent with momentum.
    case sgd
    /// Adam; weight decay is added to the gradient.
    case adam
    /// Adam with decoupled weight decay.
    case adamw
    /// Momentum descent whose step in every weight tensor is in proportion to that tensor's norm.
    case lars

    /// The rule of that name, with the settings it has unless told otherwise.
    public var rule: any UpdateRule {
        switch self {
        case .sgd: StochasticGradientDescent()
        case .adam: Adam()
        case .adamw: Adam(isDecoupled: true)
        case .lars: LARS()
        }
    }
}

/// Which optimiser to use, and its settings. The default is the article's: Keras' Adam.
public struct OptimizerConfiguration: Sendable {
    /// The arithmetic and its settings.
    public var rule: any UpdateRule
    /// The weight decay, at least 0; it applies to weights only, and to parameters that have none of their own.
    public var weightDecay: Double

    /// An optimiser of that rule.
    public init(_ rule: any UpdateRule = Adam(), weightDecay: Double = 0) {
        self.rule = rule
        self.weightDecay = weightDecay
    }

    /// An optimiser of that name with its defaults.
    public init(kind: OptimizerKind, weightDecay: Double = 0) {
        self.init(kind.rule, weightDecay: weightDecay)
    }

    /// The rule's name. Another one has its own settings, and starts with their defaults.
    public var kind: OptimizerKind {
        get { rule.kind }
        set { if newValue != kind { rule = newValue.rule } }
    }

    /// The rule's setting of that name; one that it does not have is nil, and stays so.
    public subscript(setting: String) -> OptimizerSetting.Value? {
        get { type(of: rule).settings.first { $0.name == setting }?.value(in: rule) }
        set {
            guard let newValue, let setting = type(of: rule).settings.first(where: { $0.name == setting }) else {
                return
            }
            setting.set(newValue, in: &rule)
        }
    }

    /// Checks every setting.
    ///
    /// - Throws: `OptimizerError` for the first one outside its range.
    public func validate() throws(OptimizerError) {
        for setting in type(of: rule).settings { try setting.validate(in: rule) }
        guard weightDecay.isFinite, weightDecay >= 0 else {
            throw OptimizerError("the weight decay", is: weightDecay, choose: "0 for none, or a number such as 5e-4")
        }
    }
}

extension OptimizerConfiguration: Equatable {
    /// Whether both are the same rule with the same settings.
    public static func == (left: OptimizerConfiguration, right: OptimizerConfiguration) -> Bool {
        left.weightDecay == right.weightDecay && left.rule.isEqual(to: right.rule)
    }
}

// As plans hold it: the kind, the weight decay, and the settings of that kind by their names.
extension OptimizerConfiguration: Codable {
    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }

        static let kind = Key(stringValue: "kind")
        static let weightDecay = Key(stringValue: "weightDecay")
    }

    /// Reads a configuration; a setting that was not known when it was written has its default.
    public init(from decoder: any Decoder) throws {
        let stored = try decoder.container(keyedBy: Key.self)
        self.init(
            kind: try stored.decode(OptimizerKind.self, forKey: .kind),
            weightDecay: try stored.decode(Double.self, forKey: .weightDecay))
        for setting in type(of: rule).settings {
            let key = Key(stringValue: setting.name)
            switch setting.range {
            case .toggle: self[setting.name] = try stored.decodeIfPresent(Bool.self, forKey: key).map { .toggle($0) }
            default: self[setting.name] = try stored.decodeIfPresent(Double.self, forKey: key).map { .number($0) }
            }
        }
    }

    /// Writes a configuration.
    public func encode(to encoder: any Encoder) throws {
        var stored = encoder.container(keyedBy: Key.self)
        try stored.encode(kind, forKey: .kind)
        try stored.encode(weightDecay, forKey: .weightDecay)
        for setting in type(of: rule).settings {
            switch self[setting.name] {
            case .number(let number): try stored.encode(number, forKey: Key(stringValue: setting.name))
            case .toggle(let isOn): try stored.encode(isOn, forKey: Key(stringValue: setting.name))
            case nil: continue
            }
        }
    }
}
