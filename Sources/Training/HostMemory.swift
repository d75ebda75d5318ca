/// The memory of a host, in bytes.
package struct HostMemory: Codable, Sendable, Equatable {
    /// All of it.
    package let total: Int
    /// What programs can still be given, cached files that can make way included.
    package let available: Int

    /// So much memory.
    package init(total: Int, available: Int) {
        self.total = total
        self.available = available
    }

    /// This host's; nil where the system does not say.
    package init?(_ files: SystemFiles) {
        func bytes(_ key: String) -> Int? {
            let words = files.words(after: key, in: "/proc/meminfo")
            guard words.count == 2, words[1] == "kB", let kilobytes = Int(words[0]) else { return nil }
            return 0..<1 << 50 ~= kilobytes ? kilobytes * 1024 : nil
        }
        guard let total = bytes("MemTotal:"), let available = bytes("MemAvailable:") else { return nil }
        self.init(total: total, available: available)
    }
}
