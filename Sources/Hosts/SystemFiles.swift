import Foundation

/// The text files in which Linux says what a host is and what a process may use of it.
package struct SystemFiles: Sendable {
    private let root: String

    /// The files below a directory: the system's own, unless a test makes some up.
    package init(root: String = "") {
        self.root = root
    }

    /// The text of the file at an absolute path; nil where it cannot be read.
    package func text(_ path: String) -> String? { try? String(contentsOfFile: root + path, encoding: .utf8) }

    /// The words in a file that are separated by any white space; none where it cannot be read.
    package func words(_ path: String) -> [Substring] { (text(path) ?? "").split(whereSeparator: \.isWhitespace) }

    /// The words behind `key` in the first line that begins with it; none without such a line.
    package func words(after key: String, in path: String) -> [Substring] {
        let line = (text(path) ?? "").split(separator: "\n").first { $0.hasPrefix(key) }
        return line.map { $0.dropFirst(key.count).split(whereSeparator: \.isWhitespace) } ?? []
    }

    /// The cores of the file's list, such as `0-3,8`; none where it cannot be read.
    package func cores(_ path: String) -> CoreSet { CoreSet(list: text(path) ?? "") }

    /// The processor's name as the system gives it. One that gives no name is called by its architecture.
    package var processorName: String {
        let words = words(after: "model name", in: "/proc/cpuinfo").drop { $0 == ":" }
        return words.isEmpty ? Self.architecture : words.joined(separator: " ")
    }

    private static var architecture: String {
        #if arch(x86_64)
            "x86-64"
        #elseif arch(arm64)
            "arm64"
        #else
            "unknown processor"
        #endif
    }
}
