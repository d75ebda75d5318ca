import Foundation

/// A process, as others know it: where it runs, and how to see whether it is still there.
package struct PeerProcess: Hashable, Sendable {
    /// The machine.
    package let hostName: String
    /// Its number among the processes of its machine.
    package let processID: Int32
    /// What numbers of processes mean only to each other: the namespace they are counted in, and this boot of the kernel.
    package let space: String
    /// When it started, in clock ticks since boot: a number is given to another process one day.
    package let startTime: String

    /// This process, on a machine that communicators call `hostName`.
    package init(own hostName: String) {
        self.hostName = hostName
        processID = getpid()
        let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        let namespace = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        space = (namespace ?? "") + (boot ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        startTime = Self.status(of: processID)?.startTime ?? ""
    }

    /// What `bytes` made.
    package init?(_ bytes: [UInt8]) {
        let fields = String(decoding: bytes, as: UTF8.self).split(
            separator: "\t", maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count == 4, let number = Int32(fields[1]) else { return nil }
        (hostName, processID) = (String(fields[0]), number)
        (space, startTime) = (String(fields[2]), String(fields[3]))
    }

    /// For other processes.
    package var bytes: [UInt8] { Array("\(hostName)\t\(processID)\t\(space)\t\(startTime)".utf8) }

    /// Whether the process of the other is one that this process can look at.
    package func canSee(_ other: PeerProcess) -> Bool { !startTime.isEmpty && space == other.space }

    /// Whether it has ended; only for one that this process can see.
    package var hasEnded: Bool {
        // Where /proc hides other people's processes, the system still tells that there is one.
        guard let status = Self.status(of: processID) else { return kill(processID, 0) != 0 && errno == ESRCH }
        return status.startTime != startTime || status.state == "Z" || status.state == "X"
    }

    /// `node7 (process 4242)`.
    package var place: String { "\(hostName) (process \(processID))" }

    /// The state and the start of a process, by proc(5); nil when there is none.
    private static func status(of processID: Int32) -> (state: Substring, startTime: String)? {
        guard let text = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8),
            let nameEnd = text.lastIndex(of: ")")
        else { return nil }
        // Behind the name come the state as field 3 and the start as field 22.
        let fields = text[text.index(after: nameEnd)...].split(separator: " ")
        guard fields.count > 19 else { return nil }
        return (fields[0], String(fields[19]))
    }
}

/// The machine this process runs on.
package enum LocalHost {
    /// Its name as the kernel knows it; no name server is asked.
    package static var name: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "this machine" }
        return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
