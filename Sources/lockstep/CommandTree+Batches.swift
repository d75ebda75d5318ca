import CommandLineArguments

extension CommandTree {
    static let trustCoefficient = OptionDefinition(
        "trust-coefficient", .number(.positive), default: "0.001",
        help: "lars: share of its norm that a weight tensor moves by at a rate of 1")
}
