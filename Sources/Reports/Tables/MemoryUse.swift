import Foundation

/// The memory of a process, in bytes.
public struct MemoryUse: Sendable, Equatable, Codable {
    /// What it shares with no other process. The data set is not in it: that is a mapped file, whose pages all ranks of
    /// a host use together. Training frees nothing between steps, so after some steps this is also the most it will take.
    public let privateBytes: Int
    /// The most that was ever resident, shared pages such as those of the data set and of the program included.
    public let peakResidentBytes: Int

    /// That of this process now; nil where the system does not say.
    public static var current: MemoryUse? {
        (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)).flatMap(MemoryUse.init(status:))
    }

    /// Reads a text like Linux's `/proc/self/status`: `RssAnon` and `VmHWM`.
    package init?(status text: String) {
        guard let privateBytes = Self.bytes("RssAnon:", in: text), let peak = Self.bytes("VmHWM:", in: text) else {
            return nil
        }
        self.privateBytes = privateBytes
        peakResidentBytes = peak
    }

    private static func bytes(_ key: String, in text: String) -> Int? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.count == 3, words[2] == "kB", let kilobytes = Int(words[1]), kilobytes >= 0 else { return nil }
        let (bytes, overflows) = kilobytes.multipliedReportingOverflow(by: 1024)
        return overflows ? nil : bytes
    }

    /// Bytes as `312 MB`, for people.
    public static func text(_ bytes: Int) -> String { "\((bytes + 500_000) / 1_000_000) MB" }
}
