/// What one rank finds on its host when it starts.
package struct RankFacts: Codable, Sendable, Equatable {
    /// The rank.
    package let rank: Int
    /// Its host, cores and threads.
    package let place: Placement.Place
    /// The processor's name.
    package let processor: String
    /// The physical cores that this rank's cores belong to, each by the lowest number of its hardware threads.
    package let physicalCores: CoreSet
    /// The physical cores of the host, whoever may use them; 0 where the system does not say.
    package let hostPhysicalCount: Int
    /// The control groups with limits that the rank is in.
    package let groups: [ControlGroup]
    /// The host's memory; nil where the system does not say.
    package let memory: HostMemory?
    /// Whether the rank can read the memory of the next one on its host; nil without one, or where MPI is not to do so.
    package let readsPeers: Bool?

    /// The facts of a rank.
    package init(
        rank: Int, place: Placement.Place, processor: String, physicalCores: CoreSet, hostPhysicalCount: Int,
        groups: [ControlGroup] = [], memory: HostMemory? = nil, readsPeers: Bool? = nil
    ) {
        self.rank = rank
        self.place = place
        self.processor = processor
        self.physicalCores = physicalCores
        self.hostPhysicalCount = hostPhysicalCount
        self.groups = groups
        self.memory = memory
        self.readsPeers = readsPeers
    }

    /// Reads what the system says to this process.
    package init(
        rank: Int, host: String, threads: Int, readsPeers: Bool? = nil, files: SystemFiles = SystemFiles()
    ) {
        let online = files.cores("/sys/devices/system/cpu/online")
        let allowed = CoreSet(status: files.text("/proc/self/status") ?? "")
        var first: [Int: Int] = [:]
        for core in CoreSet(online.numbers + allowed.numbers).numbers {
            let siblings = files.cores("/sys/devices/system/cpu/cpu\(core)/topology/thread_siblings_list")
            first[core] = siblings.numbers.first ?? core
        }
        self.init(
            rank: rank,
            place: Placement.Place(host: host, cores: allowed, hostCoreCount: online.count, threads: threads),
            processor: files.processorName, physicalCores: CoreSet(allowed.numbers.compactMap { first[$0] }),
            hostPhysicalCount: CoreSet(online.numbers.compactMap { first[$0] }).count,
            groups: ControlGroup.limiting(in: files), memory: HostMemory(files),
            readsPeers: readsPeers)
    }

    /// The smallest processor limit of its control groups, in cores; nil without one.
    package var coreLimit: Double? { groups.compactMap(\.cores).min() }

    /// The bytes the rank may still be given, by its host and by its control groups; nil where nobody says.
    package var freeMemory: Int? { (groups.compactMap(\.freeMemory) + [memory?.available].compactMap { $0 }).min() }
}

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
