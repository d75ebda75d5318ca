import CommandLineArguments
import Training

/// An option that replaces one setting of a plan. What holds without it is the plan's own.
struct PlanOption: OptionDeclaration {
    let definition: OptionDefinition
    private let apply: @Sendable (ParsedArguments, inout TrainingPlan) throws -> Void

    /// An option whose value becomes the setting at `path`.
    init<Value: Sendable>(
        _ name: String, _ path: any WritableKeyPath<TrainingPlan, Value> & Sendable, _ type: ValueType<Value>,
        placeholder: String? = nil, aliases: [String] = [], familiarNames: [String] = [], help: String
    ) {
        let option = Option(
            name, type, placeholder: placeholder, default: TrainingPlan()[keyPath: path], aliases: aliases,
            familiarNames: familiarNames, help: help)
        self.init(option) { plan, value in plan[keyPath: path] = value }
    }

    /// An option whose value becomes the setting at `path`, which plans need not have.
    init<Value: Sendable>(
        _ name: String, _ path: any WritableKeyPath<TrainingPlan, Value?> & Sendable, _ type: ValueType<Value>,
        placeholder: String? = nil, aliases: [String] = [], familiarNames: [String] = [], help: String
    ) {
        let option = Option(
            name, type, placeholder: placeholder, aliases: aliases, familiarNames: familiarNames, help: help)
        self.init(option) { plan, value in plan[keyPath: path] = value }
    }

    /// An option that changes a plan in its own way when it is given.
    init<Value>(
        _ option: Option<Value>, apply: @escaping @Sendable (inout TrainingPlan, Value) throws -> Void
    ) {
        definition = option.definition
        self.apply = { arguments, plan in
            if arguments.isGiven(option) { try apply(&plan, arguments[option]) }
        }
    }

    /// Changes the plan if the option was given.
    func apply(_ arguments: ParsedArguments, to plan: inout TrainingPlan) throws { try apply(arguments, &plan) }
}

extension TrainingPlan {
    /// Puts the given ones of some options over the plan, in the order of `options`; what was not given stays.
    mutating func take(_ options: [PlanOption], from arguments: ParsedArguments) throws {
        for option in options { try option.apply(arguments, to: &self) }
    }
}

// MARK: - Options of commands that train

extension PlanOption {
    static let globalBatch = PlanOption(
        "global-batch", \.globalBatch, .atLeastOne, aliases: ["batch-size"], familiarNames: ["batch"],
        help: "images in a step, over all ranks")

    static let seed = PlanOption("seed", \.seed, .integer(0...Int.max), help: "decides every random draw")

    static let limitTest = PlanOption(
        "limit-test", \.limitTest, .atLeastOne, help: "use the first N test images only")
}

extension ValueType<Int> {
    /// A number of things.
    static var atLeastOne: ValueType { .integer(1...1_000_000_000) }
}
