import Foundation

/// The limits of this process that stand in the way when the system refuses something, named as a person can raise them.
package struct SystemLimits {
    private let root: String

    /// The limits of this process; its control groups are read below a directory: the system's own, unless a test makes
    /// some up.
    package init(root: String = "") {
        self.root = root
    }

    /// What stands against more memory.
    package var onMemory: String {
        let pages = Int(words("/proc/self/statm").first ?? "") ?? 0
        let taken = Self.megabytes(pages * Int(sysconf(Int32(_SC_PAGESIZE))))
        if let bytes = Self.limit(RLIMIT_AS) {
            return "ulimit -v \(bytes / 1024) allows this process \(Self.megabytes(bytes)) of addresses, of which "
                + "\(taken) are taken"
        }
        if let bytes = Self.limit(RLIMIT_DATA) {
            return "ulimit -d \(bytes / 1024) allows this process \(Self.megabytes(bytes)) of data"
        }
        let overcommit = words("/proc/sys/vm/overcommit_memory").first ?? "unknown"
        return "the host gives no more (vm.overcommit_memory is \(overcommit))"
    }

    /// What stands against another thread.
    package var onThreads: String {
        if let group = fullGroup {
            return "pids.max \(group.limit) bounds the processes and threads of control group \(group.directory)"
        }
        if let count = Self.limit(__RLIMIT_NPROC) {
            return "ulimit -u \(count) bounds the processes and threads of user \(geteuid())"
        }
        return "the host runs as many as it may (kernel.threads-max)"
    }

    /// What helps against a refused file: nil where another cause than too many open files has that error number.
    package static func adviceOnFiles(_ number: Int32) -> String? {
        switch number {
        case EMFILE: "Raise ulimit -n, which is \(limit(RLIMIT_NOFILE) ?? 0)"
        case ENFILE: "Raise fs.file-max of this host, or end what else runs on it"
        default: nil
        }
    }

    /// Bytes as `312 MB`.
    static func megabytes(_ bytes: Int) -> String { "\((bytes + 500_000) / 1_000_000) MB" }

    /// The control group of this process, or the one above it, that has no process to give any more.
    private var fullGroup: (directory: String, limit: Int)? {
        let lines = text("/proc/self/cgroup").split(separator: "\n").map {
            $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        }
        // Version 2 has one hierarchy, without a controller's name; version 1 has one for each controller.
        for (controller, mount) in [("", "/sys/fs/cgroup"), ("pids", "/sys/fs/cgroup/pids")] {
            guard let own = lines.first(where: { $0.count == 3 && $0[1] == controller }) else { continue }
            let names = own[2].split(separator: "/")
            for depth in (0...names.count).reversed() {
                let directory = mount + names.prefix(depth).map { "/" + $0 }.joined()
                guard let limit = number(directory + "/pids.max"), let current = number(directory + "/pids.current"),
                    current >= limit
                else { continue }
                return (directory, limit)
            }
        }
        return nil
    }

    /// nil where there is none.
    private static func limit(_ resource: __rlimit_resource) -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return nil }
        return Int(exactly: limit.rlim_cur)
    }

    private func number(_ path: String) -> Int? { words(path).first.flatMap { Int($0) } }
    private func words(_ path: String) -> [Substring] { text(path).split(whereSeparator: \.isWhitespace) }
    private func text(_ path: String) -> String { (try? String(contentsOfFile: root + path, encoding: .utf8)) ?? "" }
}
