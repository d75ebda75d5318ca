import Foundation

/// The machine this process runs on, for the record of a measurement.
package struct Machine: Sendable, Hashable {
    /// The processor's name as the system gives it.
    package let processor: String
    /// The cores that the process may use.
    package let cores: Int

    /// A machine of those parts.
    package init(processor: String, cores: Int) {
        self.processor = processor
        self.cores = cores
    }

    /// This machine. A processor that gives no name is called by its architecture.
    package static var current: Machine {
        let lines = ((try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "").split(separator: "\n")
        let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":", maxSplits: 1).last
        return Machine(
            processor: name.map { $0.trimmingCharacters(in: .whitespaces) } ?? architecture,
            cores: ProcessInfo.processInfo.activeProcessorCount)
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
