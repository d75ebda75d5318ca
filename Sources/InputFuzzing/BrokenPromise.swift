/// A promise that a reader did not keep for one input. The description is the sentence that a developer reads.
package struct BrokenPromise: Error, Hashable, CustomStringConvertible {
    /// The sentence.
    package let description: String

    /// A broken promise with its sentence.
    package init(_ description: String) { self.description = description }

    /// Throws the sentence unless the condition holds.
    package static func unless(_ isKept: Bool, _ sentence: @autoclosure () -> String) throws(BrokenPromise) {
        if !isKept { throw BrokenPromise(sentence()) }
    }

    /// Holds an error's text to what people are promised: short, on one line, nothing that steers a terminal, and
    /// ended by a full stop.
    package static func unlessSentence(_ text: String, names path: String = "") throws(BrokenPromise) {
        let isVisible = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
            default: true
            }
        }
        let shown = text.debugDescription
        try unless(isVisible, "A message holds characters that no one can see: \(shown).")
        try unless(text.utf8.count > 20 && text.hasSuffix("."), "A message is no sentence: \(shown).")
        try unless(text.utf8.count <= 2000, "A message has \(text.utf8.count) bytes: \(shown).")
        try unless(path.isEmpty || text.contains(path), "A message does not name the file: \(shown).")
    }
}
