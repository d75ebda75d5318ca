import Failures

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
