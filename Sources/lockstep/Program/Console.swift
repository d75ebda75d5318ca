import Foundation
import Reports

/// Where the command's words go. Only rank 0 speaks, except for an error that one rank alone has met.
enum Console {
    /// Standard error must not hold up what is going wrong for longer than this, in seconds.
    private static let patience = 5
    private static let characters = ReaderCharacters(environment: ProcessInfo.processInfo.environment)

    /// Writes text for a person to standard output at once.
    ///
    /// - Throws: `ReportError` when standard output does not take it.
    static func write(_ text: String) throws(ReportError) {
        try write(document: characters.shown(text))
    }

    /// Writes text for a program to standard output, the same in every locale.
    ///
    /// - Throws: `ReportError` when standard output does not take it.
    static func write(document: String) throws(ReportError) {
        try TextStream.output.write(document)
    }

    /// Writes a result for a program to standard output, as JSON on one line.
    ///
    /// - Throws: `ReportError` when standard output does not take it.
    static func write(json result: some Encodable, _ style: JSONText.Style = .sorted) throws(ReportError) {
        try write(document: JSONText.text(result, style) + "\n")
    }

    /// Standard output for work that goes on whatever becomes of it; `work` begins the sentence that says so.
    static func display(of work: String) -> (display: Display, show: @Sendable (String) -> Void) {
        let display = Display { reason in
            warn(["standard output cannot be written to: \(reason). \(work) goes on without a display."])
        }
        return (display, { display.show(characters.shown($0)) })
    }

    /// Writes a sentence to standard error. There is nobody to tell if that fails.
    static func error(_ sentence: String) {
        try? TextStream.errors.write(characters.shown("lockstep: \(sentence)\n"), waiting: patience)
    }

    /// Writes warnings to standard error, each on a line.
    static func warn(_ sentences: [String]) {
        for sentence in sentences { error("Warning: " + sentence) }
    }
}
