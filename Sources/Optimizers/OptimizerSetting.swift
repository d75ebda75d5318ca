import Failures

/// A setting of one or several update rules, declared once: what plans, options and errors call it, where it lies and
/// what it may be.
public struct OptimizerSetting: Sendable {
    /// Its key in plans, such as `trustCoefficient`.
    public let name: String
    /// What it means, in a few words.
    public let help: String
    /// Other names people know it by.
    public let aliases: [String]
    /// What it may be.
    public let range: Range

    /// The values a setting may have.
    public enum Range: Sendable, Equatable {
        /// Numbers from 0 to below 1, such as the example.
        case fraction(example: String)
        /// Numbers greater than 0, such as the example.
        case positive(example: String)
        /// On and off.
        case toggle
    }

    /// A setting's value.
    public enum Value: Sendable, Equatable, CustomStringConvertible {
        /// Of one that is a number.
        case number(Double)
        /// Of one that is on or off.
        case toggle(Bool)

        /// The number, or on or off.
        public var description: String {
            switch self {
            case .number(let number): "\(number)"
            case .toggle(let isOn): isOn ? "on" : "off"
            }
        }
    }

    private let words: String
    private let read: @Sendable (any UpdateRule) -> Value?
    private let write: @Sendable (Value, inout any UpdateRule) -> Void

    /// A number; errors call it by its name in words, or by that of the method `of` which it is the parameter.
    static func number<Rule: UpdateRule>(
        _ name: String, _ path: any WritableKeyPath<Rule, Double> & Sendable, _ range: Range, of method: String? = nil,
        aliases: [String] = [], help: String
    ) -> OptimizerSetting {
        let words = method.map { "\($0)'s \(name)" } ?? "the \(spelled(name, separator: " "))"
        return OptimizerSetting(name, path, range, words, aliases, help, wrap: Value.number) {
            if case .number(let number) = $0 { number } else { nil }
        }
    }

    /// A switch.
    static func toggle<Rule: UpdateRule>(
        _ name: String, _ path: any WritableKeyPath<Rule, Bool> & Sendable, help: String
    ) -> OptimizerSetting {
        OptimizerSetting(name, path, .toggle, name, [], help, wrap: Value.toggle) {
            if case .toggle(let isOn) = $0 { isOn } else { nil }
        }
    }

    private init<Rule: UpdateRule, Content>(
        _ name: String, _ path: any WritableKeyPath<Rule, Content> & Sendable, _ range: Range, _ words: String,
        _ aliases: [String], _ help: String, wrap: @escaping @Sendable (Content) -> Value,
        unwrap: @escaping @Sendable (Value) -> Content?
    ) {
        self.name = name
        self.help = help
        self.aliases = aliases
        self.range = range
        self.words = words
        read = { rule in (rule as? Rule).map { wrap($0[keyPath: path]) } }
        write = { value, rule in
            guard var changed = rule as? Rule, let content = unwrap(value) else { return }
            changed[keyPath: path] = content
            rule = changed
        }
    }

    /// The settings of all optimisers, those of the same name once.
    public static let all: [OptimizerSetting] = OptimizerKind.allCases.flatMap { type(of: $0.rule).settings }
        .reduce(into: []) { all, setting in
            if !all.contains(where: { $0.name == setting.name }) { all.append(setting) }
        }

    /// Whose it is, with what it is unless given.
    private var defaults: [(kind: OptimizerKind, value: Value)] {
        OptimizerKind.allCases.compactMap { kind in OptimizerConfiguration(kind: kind)[name].map { (kind, $0) } }
    }

    /// What it is unless given, where it is not otherwise said in `optionHelp`.
    public var defaultValue: Value { defaults[0].value }

    /// What a help page says of it: `sgd, lars: share of the velocity that is kept`.
    public var optionHelp: String {
        let others = defaults.filter { $0.value != defaultValue }.map {
            "; with \($0.kind.rawValue) \($0.value) unless given"
        }
        return defaults.map(\.kind.rawValue).joined(separator: ", ") + ": " + help + others.joined()
    }

    /// Its name as an option, such as `trust-coefficient`.
    public var optionName: String { Self.spelled(name, separator: "-") }

    /// Its value in a rule; nil if the rule has no such setting.
    func value(in rule: any UpdateRule) -> Value? { read(rule) }

    /// Gives it a value in a rule that has such a setting.
    func set(_ value: Value, in rule: inout any UpdateRule) { write(value, &rule) }

    /// Checks its value in a rule.
    func validate(in rule: any UpdateRule) throws(OptimizerError) {
        guard case .number(let number) = value(in: rule) else { return }
        // As Float, because that is what the loops compute with: 0.99999999 would become 1; and below Float's smallest
        // normal number Adam's epsilon would vanish, and 0 / 0 with it.
        switch range {
        case .fraction(let example) where !(number >= 0 && Float(number) < 1):
            throw OptimizerError(
                words, is: number, choose: "a number of at least 0 and below 1, such as \(example)")
        case .positive(let example) where !(Float(number) >= .leastNormalMagnitude && Float(number).isFinite):
            throw OptimizerError(words, is: number, choose: "a positive number such as \(example)")
        default: return
        }
    }

    private static func spelled(_ name: String, separator: String) -> String {
        name.map { $0.isUppercase ? separator + $0.lowercased() : String($0) }.joined()
    }
}

/// A setting of an optimiser or a schedule that cannot work; the description is a sentence for the user.
public struct OptimizerError: ExplainedError, Hashable {
    /// The options ask for it.
    public var exitCode: ExitCode { .usage }
    /// What is wrong, and what to choose in its place.
    public let description: String

    /// The sentence "`setting` is `value`; choose `choice`."
    init(_ setting: String, is value: some CustomStringConvertible, choose choice: String) {
        description = "\(setting) is \(value); choose \(choice)."
    }
}
