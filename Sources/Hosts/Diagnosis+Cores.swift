import Reports

/// Threads and cores. On each host the first of these causes counts that applies: who mends it mends the next ones, too.
extension Diagnosis {
    var coreFindings: [Finding] {
        let hosts = hosts
        let explained = coreTroubles
        let fine = hosts.filter { !explained.hosts.contains($0.name) }
        return explained.findings
            + [
                Finding(.unboundRanks, fine.compactMap(unbinding)),
                Finding(.idleCores, fine.compactMap { idleness($0, isOnlyHost: hosts.count == 1) }),
            ].compactMap { $0 }
    }

    /// What keeps threads from having a core each, and the hosts where it does.
    var coreTroubles: (findings: [Finding], hosts: Set<String>) {
        let hosts = hosts
        let isOnlyHost = hosts.count == 1
        var explained = Set(hosts.filter { $0.throttling != nil }.map(\.name))
        let throttling = Finding(.processorLimit, hosts.compactMap { self.throttling($0, isOnlyHost: isOnlyHost) })
        let placement = Placement(ranks.map(\.place), apartFrom: explained, launcher: launcher)
        explained.formUnion(placement.crowdedHosts)
        let pairs = hosts.filter { !explained.contains($0.name) }
            .compactMap { host in pairing(host, isOnlyHost: isOnlyHost).map { (host: host.name, sentence: $0) } }
        explained.formUnion(pairs.map(\.host))
        let crowding = placement.warning.map { Finding(.sharedCores, sentence: $0) }
        return (
            [throttling, crowding, Finding(.sharedPhysicalCores, pairs.map(\.sentence))].compactMap { $0 }, explained
        )
    }

    private func throttling(_ host: HostRanks, isOnlyHost: Bool) -> String? {
        guard let (directory, cores, ranks) = host.throttling else { return nil }
        let threads = HostRanks.threads(ranks)
        let whole = max(1, Int(cores))
        let fewer =
            threads <= whole
            ? ""
            : launcher.fewer(
                ranks: ranks.count, mostThreads: host.mostThreads, cores: whole, isOnlyHost: isOnlyHost) + ", or "
        return "\(host.name) gives \(HostRanks.text(ranks)) the time of \(NumberFormat.rate(cores)) "
            + "\(cores == 1 ? "core" : "cores") for \(NumberFormat.counted(threads, "thread")), which are halted "
            + "whenever it is used up: \(fewer)raise the limit of control group \(directory)"
    }

    /// The same as `Placement`'s warning, for physical cores: two hardware threads of one share its arithmetic units.
    private func pairing(_ host: HostRanks, isOnlyHost: Bool) -> String? {
        let places = host.ranks.map { rank in
            Placement.Place(
                host: host.name, cores: rank.physicalCores, hostCoreCount: rank.hostPhysicalCount,
                threads: rank.place.threads)
        }
        guard let (narrow, sharing) = Placement.narrowest(places) else { return nil }
        let remedy =
            host.threads <= host.physicalCount
            ? "start " + launcher.binding(mostThreads: host.mostThreads)
            : launcher.fewer(
                ranks: host.ranks.count, mostThreads: host.mostThreads, cores: host.physicalCount,
                isOnlyHost: isOnlyHost)
        return "\(host.name) runs \(host.text) so that \(sharing) threads share the hardware threads of "
            + "\(narrow.count) physical \(narrow.count == 1 ? "core" : "cores") (\(NumberFormat.runs(narrow.numbers))), "
            + "which compute no faster than one thread each: \(remedy)"
    }

    private func unbinding(_ host: HostRanks) -> String? {
        let unbound = host.unbound
        // A processor limit is time on any core: a bound rank could not move to the one that is free.
        guard !unbound.isEmpty, host.coreLimit == nil else { return nil }
        let cores = CoreSet(unbound.flatMap(\.place.cores.numbers))
        return "\(host.name) lets \(HostRanks.text(unbound)) wander over the same \(cores): start "
            + launcher.binding(mostThreads: host.mostThreads)
    }

    private func idleness(_ host: HostRanks, isOnlyHost: Bool) -> String? {
        let cores = min(host.physicalCount, host.coreLimit.map { Int($0) } ?? .max)
        guard cores > host.threads else { return nil }
        let ranks = launcher.ranks(cores, isOnlyHost: isOnlyHost)
        let perRank = cores / host.ranks.count
        let threads = perRank > host.mostThreads ? " or lockstep with --threads \(perRank)" : ""
        return "\(host.name) has \(cores) cores, of which \(host.text) \(host.ranks.count == 1 ? "uses" : "use") "
            + "\(host.threads): \(ranks)\(threads) if the others are for this job"
    }
}
