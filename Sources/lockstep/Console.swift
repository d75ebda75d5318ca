import Foundation

/// Where the command's words go. Only rank 0 speaks, except for an error that one rank alone has met.
enum Console {
    /// Writes text to standard output at once.
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// Writes a sentence to standard error.
    static func error(_ sentence: String) {
        FileHandle.standardError.write(Data("lockstep: \(sentence)\n".utf8))
    }

    /// Writes warnings to standard error, each on a line.
    static func warn(_ sentences: [String]) {
        for sentence in sentences { error("Warning: " + sentence) }
    }
}
