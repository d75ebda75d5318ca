import Failures

/// A command line that cannot be followed. Its description is one sentence and the next step, ready to be shown.
public struct UsageError: ExplainedError, Hashable {
    /// Its own.
    public var exitCode: ExitCode { .usage }
    /// Every rank has the same command line.
    public var isShared: Bool { true }
    /// The sentence.
    public let description: String

    /// An error with its sentence.
    public init(_ description: String) {
        self.description = description
    }

    /// An error about a command, with a pointer to its help page after the sentence.
    init(_ sentence: String, helpOf command: [String], for purpose: String = "") {
        description = "\(sentence) Run '\(command.joined(separator: " ")) --help'\(purpose)."
    }

    /// Text from the command line between quotes: characters that steer a terminal or break a line are made visible,
    /// long text is cut.
    static func quoted(_ text: String) -> String {
        let longest = 60
        var shown = ""
        for scalar in text.unicodeScalars.prefix(longest) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown += String(scalar)
            }
        }
        return "'\(shown)\(text.unicodeScalars.count > longest ? "…" : "")'"
    }
}
