/// What is wrong with the text of a header, without the name of the file, which the scanner does not know.
struct HeaderProblem: Error {
    /// The kind of problem: damaged, or whole and unsupported.
    let problem: CheckpointProblem
    /// The words after "because", or a whole sentence's middle when unsupported.
    let words: String

    init(_ words: String, problem: CheckpointProblem = .damaged) {
        self.problem = problem
        self.words = words
    }

    /// A name from a file, made safe for a sentence: short, on one line, and without control characters.
    static func printable(_ name: String) -> String {
        let shown = name.unicodeScalars.prefix(80).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: "?"
            default: String(scalar)
            }
        }
        return shown.joined() + (name.unicodeScalars.count > 80 ? "…" : "")
    }
}
