import Collectives
import Foundation
import Reports

/// Where the ranks of a job run: how many threads each host's ranks bring, and which cores they may use.
public struct Placement: Sendable, Equatable {
    /// One rank's place.
    package struct Place: Codable, Sendable, Equatable {
        package let host: String
        /// The cores this rank may run on.
        package let cores: CoreSet
        /// The cores of the host, whoever may use them.
        package let hostCoreCount: Int
        package let threads: Int

        /// The place of a rank.
        package init(host: String, cores: CoreSet, hostCoreCount: Int, threads: Int) {
            self.host = host
            self.cores = cores
            self.hostCoreCount = hostCoreCount
            self.threads = threads
        }
    }

    private let places: [Place]

    package init(_ places: [Place]) {
        self.places = places
    }

    /// Gathers the places of all ranks; every rank calls it.
    ///
    /// - Parameter threads: the threads of this rank.
    public init(threads: Int, over communicator: any Communicator) throws {
        let own = Place(
            host: communicator.hostName, cores: .allowed, hostCoreCount: CoreSet.online.count, threads: threads)
        places = try communicator.allGather(Array(JSONEncoder().encode(own))).map {
            try JSONDecoder().decode(Place.self, from: Data($0))
        }
    }

    /// One sentence with its remedy if on some host threads have to share cores; nil if every thread has its own, or
    /// where the system does not say which cores a rank may use.
    public var warning: String? {
        let hosts = Dictionary(grouping: places, by: \.host)
        let crowded = hosts.keys.sorted().compactMap { host in
            complaint(about: hosts[host] ?? [], on: host, isOnlyHost: hosts.count == 1)
        }
        guard let first = crowded.first else { return nil }
        let others = crowded.count - 1
        return first + (others == 0 ? "." : " (likewise on \(NumberFormat.counted(others, "host")) more).")
    }

    private func complaint(about ranks: [Place], on host: String, isOnlyHost: Bool) -> String? {
        guard let (narrow, sharing) = narrowest(ranks) else { return nil }
        let threads = ranks.reduce(0) { $0 + $1.threads }
        let all = CoreSet(ranks.flatMap(\.cores.numbers))
        let start =
            "\(host) runs \(NumberFormat.counted(ranks.count, "rank")) with "
            + "\(NumberFormat.counted(threads, "thread")) in all on \(all)"
        let most = ranks.reduce(1) { max($0, $1.threads) }
        let binding = most == 1 ? "--map-by core --bind-to core" : "--map-by slot:PE=\(most) --bind-to core"
        if threads <= all.count {
            return start + ", but bound so that \(sharing) of them share \(narrow): start mpirun with \(binding)"
        }
        let hostCoreCount = ranks.map(\.hostCoreCount).max() ?? 0
        if threads <= hostCoreCount {
            return start
                + " of its \(hostCoreCount), where they take turns: start mpirun with \(binding), or fewer ranks "
                + "or threads if the other cores are not for this job"
        }
        return start + ", where they take turns: "
            + remedy(ranks: ranks.count, mostThreads: most, cores: all.count, isOnlyHost: isOnlyHost)
    }

    /// What to start instead on a host that has fewer cores than the job has threads there.
    private func remedy(ranks: Int, mostThreads: Int, cores: Int, isOnlyHost: Bool) -> String {
        if ranks <= cores { return "start lockstep with --threads \(cores / ranks)" }
        let fewerRanks =
            isOnlyHost ? "start mpirun with -np \(cores)" : "give it slots=\(cores) in mpirun's --hostfile"
        return mostThreads > 1 ? fewerRanks + " and --threads 1" : fewerRanks
    }

    /// The fewest cores to which some ranks are confined that have more threads than these cores, and these threads.
    ///
    /// By Hall's theorem threads can each have a core of their own only if no set of cores is too small for those that
    /// are confined to it. Binding makes sets that are apart or nested, so the ranks' own sets and all cores together
    /// are the only ones to look at.
    private func narrowest(_ ranks: [Place]) -> (cores: CoreSet, threads: Int)? {
        guard !ranks.contains(where: { $0.cores.count == 0 }) else { return nil }
        let sets = Set(ranks.map(\.cores) + [CoreSet(ranks.flatMap(\.cores.numbers))])
        return sets.map { set in
            (cores: set, threads: ranks.reduce(0) { $0 + ($1.cores.isSubset(of: set) ? $1.threads : 0) })
        }.filter { $0.threads > $0.cores.count }.min {
            ($0.cores.count, $0.cores.numbers[0]) < ($1.cores.count, $1.cores.numbers[0])
        }
    }
}
