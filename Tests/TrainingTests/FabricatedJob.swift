import Reports
import Hosts
import Training

/// Ranks on hosts that do not exist.
enum FabricatedJob {
    /// One rank; unless said otherwise each of its cores is a physical core, and the host has 4 of them.
    static func rank(
        _ rank: Int, on host: String, _ cores: [Int], threads: Int = 1, of hostCores: Int = 4, processor: String = "P",
        physical: [Int]? = nil, physicalCount: Int? = nil, groups: [ControlGroup] = [], memory: Int = 1 << 36,
        readsPeers: Bool? = nil
    ) -> RankFacts {
        RankFacts(
            rank: rank,
            place: Placement.Place(host: host, cores: CoreSet(cores), hostCoreCount: hostCores, threads: threads),
            processor: processor, physicalCores: CoreSet(physical ?? cores),
            hostPhysicalCount: physicalCount ?? hostCores, groups: groups,
            memory: HostMemory(total: 1 << 37, available: memory), readsPeers: readsPeers)
    }

    /// A job without fault: each rank on a core of its own, all cores used.
    static func good(hosts: [String], ranksPerHost: Int) -> [RankFacts] {
        hosts.enumerated().flatMap { index, host in
            (0..<ranksPerHost).map { rank(index * ranksPerHost + $0, on: host, [$0], of: ranksPerHost) }
        }
    }

    /// Equal speeds but for some ranks, whose share of the others' is given.
    static func speeds(
        _ count: Int, computing: [Int: Double] = [:], streaming: [Int: Double] = [:]
    ) -> [RankSpeed] {
        func spread(_ value: Double) -> Spread { Spread(minimum: value / 2, median: value) }
        return (0..<count).map { rank in
            RankSpeed(
                operations: spread(1e11 * computing[rank, default: 1]),
                bytes: spread(1e10 * streaming[rank, default: 1]))
        }
    }
}
