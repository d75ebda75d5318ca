extension ExplainedError {
    /// Text from outside between quotes: characters that steer a terminal or break a line are made visible, long text is
    /// cut behind 60 characters.
    public static func quoted(_ text: String) -> String {
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
