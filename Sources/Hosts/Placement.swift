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
    private let explained: Set<String>
    private let launcher: Launcher

    /// The placement of ranks.
    ///
    /// - Parameters:
    ///   - explained: hosts of which nothing is to be said, since another finding names the cause.
    ///   - launcher: what is told to mend it.
    package init(_ places: [Place], apartFrom explained: Set<String> = [], launcher: Launcher = .mpirun) {
        self.places = places
        self.launcher = launcher
        self.explained = explained
    }

    /// One sentence with its remedy if on some host threads have to share cores; nil if every thread has its own, or
    /// where the system does not say which cores a rank may use.
    public var warning: String? { Finding(.sharedCores, complaints.map(\.sentence))?.sentence }

    /// The hosts that the warning is about.
    package var crowdedHosts: Set<String> { Set(complaints.map(\.host)) }

    private var complaints: [(host: String, sentence: String)] {
        let hosts = Dictionary(grouping: places, by: \.host)
        return hosts.keys.sorted().filter { !explained.contains($0) }.compactMap { host in
            complaint(about: hosts[host] ?? [], on: host, isOnlyHost: hosts.count == 1).map { (host, $0) }
        }
    }

    private func complaint(about ranks: [Place], on host: String, isOnlyHost: Bool) -> String? {
        guard let (narrow, sharing) = Self.narrowest(ranks) else { return nil }
        let threads = ranks.reduce(0) { $0 + $1.threads }
        let all = CoreSet(ranks.flatMap(\.cores.numbers))
        let start =
            "\(host) runs \(NumberFormat.counted(ranks.count, "rank")) with "
            + "\(NumberFormat.counted(threads, "thread")) in all on \(all)"
        let most = ranks.reduce(1) { max($0, $1.threads) }
        let binding = launcher.binding(mostThreads: most)
        if threads <= all.count {
            return start + ", but bound so that \(sharing) of them share \(narrow): start \(binding)"
        }
        let hostCoreCount = ranks.map(\.hostCoreCount).max() ?? 0
        if threads <= hostCoreCount {
            // Ranks that all have the same few cores were not bound so: what started them had no more.
            let isConfined = ranks.count > 1 && Set(ranks.map(\.cores)).count == 1
            let remedy = isConfined ? launcher.widening(mostThreads: most) : "start " + binding
            return start
                + " of its \(hostCoreCount), where they take turns: \(remedy), or fewer ranks or threads if the other "
                + "cores are not for this job"
        }
        return start + ", where they take turns: "
            + launcher.fewer(ranks: ranks.count, mostThreads: most, cores: all.count, isOnlyHost: isOnlyHost)
    }

    /// The fewest cores to which some ranks are confined that have more threads than these cores, and these threads.
    ///
    /// By Hall's theorem threads can each have a core of their own only if no set of cores is too small for those that
    /// are confined to it. Binding makes sets that are apart or nested, so the ranks' own sets and all cores together
    /// are the only ones to look at.
    package static func narrowest(_ ranks: [Place]) -> (cores: CoreSet, threads: Int)? {
        guard !ranks.contains(where: { $0.cores.count == 0 }) else { return nil }
        let sets = Set(ranks.map(\.cores) + [CoreSet(ranks.flatMap(\.cores.numbers))])
        return sets.map { set in
            (cores: set, threads: ranks.reduce(0) { $0 + ($1.cores.isSubset(of: set) ? $1.threads : 0) })
        }.filter { $0.threads > $0.cores.count }.min {
            ($0.cores.count, $0.cores.numbers[0]) < ($1.cores.count, $1.cores.numbers[0])
        }
    }
}
