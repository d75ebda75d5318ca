import Foundation

/// The memory of this process, without what it shares with others: the data set is a mapped file whose pages all ranks
/// of a host use together.
public enum MemoryUse {
    /// Bytes of private memory in use now; nil where the system does not say. Training frees nothing between steps, so
    /// after some steps this is also the most it will take.
    public static var privateBytes: Int? {
        (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)).flatMap(privateBytes(inStatus:))
    }

    /// The private bytes (`RssAnon`) in a text like Linux's `/proc/self/status`.
    package static func privateBytes(inStatus text: String) -> Int? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("RssAnon:") }) else { return nil }
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.count == 3, words[2] == "kB", let kilobytes = Int(words[1]), kilobytes >= 0 else { return nil }
        return kilobytes.multipliedReportingOverflow(by: 1024).overflow ? nil : kilobytes * 1024
    }

    /// The bytes as `312 MB`, for people.
    public static func text(_ bytes: Int) -> String { "\((bytes + 500_000) / 1_000_000) MB" }
}
