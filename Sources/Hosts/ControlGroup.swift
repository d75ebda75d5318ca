/// What a control group allows the processes in it, all together.
package struct ControlGroup: Codable, Sendable, Equatable {
    /// Its directory; ranks of a host that name the same one share what it allows.
    package let directory: String
    /// The processor time it allows, in cores; nil without a limit.
    package let cores: Double?
    /// The bytes of memory that are left of its limit, not counting cached files that can make way; nil without a limit.
    package let freeMemory: Int?

    /// A control group with these limits.
    package init(directory: String, cores: Double? = nil, freeMemory: Int? = nil) {
        self.directory = directory
        self.cores = cores
        self.freeMemory = freeMemory
    }

    /// The control groups with a limit that this process is in, its own and those around it, of both versions.
    ///
    /// In a container the system may name a group by its path outside, which is not there; the ones around it are tried
    /// up to the root, as which the container sees its own.
    package static func limiting(in files: SystemFiles) -> [ControlGroup] {
        let memberships = (files.text("/proc/self/cgroup") ?? "").split(separator: "\n").map {
            $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        }
        // Version 2 has one hierarchy, without a controller's name; version 1 has one for each controller.
        return ["", "cpu", "memory"].flatMap { controller in
            let own = memberships.first {
                $0.count == 3
                    && $0[1].split(separator: ",", omittingEmptySubsequences: false).contains { $0 == controller }
            }
            let mount = "/sys/fs/cgroup" + (controller.isEmpty ? "" : "/" + controller)
            return ancestry(of: own?[2] ?? "").compactMap { limit(at: mount + $0, files) }
        }
    }

    /// `/a/b`, `/a` and the root for `/a/b`.
    private static func ancestry(of group: Substring) -> [String] {
        let names = group.split(separator: "/")
        return (0...names.count).reversed().map { count in names.prefix(count).map { "/" + $0 }.joined() }
    }

    private static func limit(at directory: String, _ files: SystemFiles) -> ControlGroup? {
        func number(_ name: String) -> Int? { files.words(directory + "/" + name).first.flatMap { Int($0) } }
        let share = files.words(directory + "/cpu.max").map { Int($0) }
        let quota = share.first ?? number("cpu.cfs_quota_us")
        let period = share.count > 1 ? share[1] : number("cpu.cfs_period_us")
        // The version without a limit writes "max", or nearly 2⁶³.
        let most = number("memory.max") ?? number("memory.limit_in_bytes")
        let memory = most.flatMap { $0 >= 1 << 60 || $0 < 0 ? nil : $0 }
        let used = number("memory.current") ?? number("memory.usage_in_bytes") ?? 0
        let cached = ["total_inactive_file ", "inactive_file "].lazy.compactMap {
            files.words(after: $0, in: directory + "/memory.stat").first.flatMap { Int($0) }
        }.first
        let group = ControlGroup(
            directory: directory, cores: cores(quota: quota, period: period),
            freeMemory: memory.map { max(0, $0 - max(0, used - (cached ?? 0))) })
        return group.cores == nil && group.freeMemory == nil ? nil : group
    }

    private static func cores(quota: Int?, period: Int?) -> Double? {
        guard let quota, let period, quota > 0, period > 0 else { return nil }
        return Double(quota) / Double(period)
    }
}
