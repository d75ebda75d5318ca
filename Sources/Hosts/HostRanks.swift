import Reports

/// The ranks of one host.
package struct HostRanks: Sendable {
    /// The host.
    package let name: String
    /// Its ranks, rising.
    package let ranks: [RankFacts]

    /// The hosts of some ranks, by name.
    package static func all(_ ranks: [RankFacts]) -> [HostRanks] {
        Dictionary(grouping: ranks, by: \.place.host).sorted { $0.key < $1.key }
            .map { HostRanks(name: $0.key, ranks: $0.value) }
    }

    /// `rank 3`, `ranks 0-2,5`.
    package static func text(_ ranks: [RankFacts]) -> String {
        (ranks.count == 1 ? "rank " : "ranks ") + NumberFormat.runs(ranks.map(\.rank))
    }

    /// `rank 3`, `ranks 0-2,5`.
    package var text: String { Self.text(ranks) }
    /// The threads of all its ranks.
    package var threads: Int { Self.threads(ranks) }
    /// The most threads that one of its ranks has.
    package var mostThreads: Int { ranks.map(\.place.threads).max() ?? 1 }
    /// The processor's name.
    package var processor: String { ranks[0].processor }
    /// The physical cores of the host; 0 where the system does not say.
    package var physicalCount: Int { ranks.map(\.hostPhysicalCount).max() ?? 0 }
    /// The smallest processor limit of some rank, in cores; nil without one.
    package var coreLimit: Double? { ranks.compactMap(\.coreLimit).min() }

    /// The control groups with limits, and the ranks in each.
    package var groups: [(group: ControlGroup, ranks: [RankFacts])] {
        let members = ranks.flatMap { rank in rank.groups.map { (group: $0, rank: rank) } }
        return Dictionary(grouping: members, by: \.group.directory).sorted { $0.key < $1.key }
            .map { (group: $0.value[0].group, ranks: $0.value.map(\.rank)) }
    }

    /// The control group that allows least of what its ranks' threads would use; nil if all allow enough.
    package var throttling: (directory: String, cores: Double, ranks: [RankFacts])? {
        groups.compactMap { group, ranks in group.cores.map { (directory: group.directory, cores: $0, ranks: ranks) } }
            .filter { Double(Self.threads($0.ranks)) > $0.cores }
            .min { $0.cores < $1.cores }
    }

    /// The ranks that may run on a core on which another may run, too.
    package var unbound: [RankFacts] {
        let users = Dictionary(ranks.flatMap(\.place.cores.numbers).map { ($0, 1) }, uniquingKeysWith: +)
        return ranks.filter { $0.place.cores.numbers.contains { users[$0, default: 0] > 1 } }
    }

    /// The threads of some ranks together.
    package static func threads(_ ranks: [RankFacts]) -> Int { ranks.reduce(0) { $0 + $1.place.threads } }
}
