import Reports

/// What concerns whole hosts.
extension Diagnosis {
    var hostFindings: [Finding] {
        [
            Finding(.memory, hosts.compactMap(memoryShortage)),
            Finding(.crossMemoryAttach, hosts.compactMap(refusedReading)),
            Finding(.mixedProcessors, mixture.map { [$0] } ?? []),
            Finding(.unevenHosts, unevenness.map { [$0] } ?? []),
        ].compactMap { $0 }
    }

    private func memoryShortage(_ host: HostRanks) -> String? {
        guard let need else { return nil }
        let whole = host.ranks.compactMap(\.memory?.available).min()
            .map { (free: $0, ranks: host.ranks, place: host.name) }
        let groups = host.groups.compactMap { group, ranks in
            group.freeMemory.map {
                (free: $0, ranks: ranks, place: "\(host.name) in control group \(group.directory)")
            }
        }
        let scopes = [whole].compactMap { $0 } + groups
        guard let short = scopes.first(where: { $0.free < need.bytes(of: $0.ranks) }) else {
            return nil
        }
        return "\(short.place) has \(MemoryUse.text(short.free)) of memory left, and \(HostRanks.text(short.ranks)) "
            + "with the data take at least \(MemoryUse.text(need.bytes(of: short.ranks))): use a smaller --global-batch or "
            + "train's --accumulate, "
            + (hosts.count == 1 ? "another host or more of them" : "more hosts, or fewer ranks on it")
    }

    private func refusedReading(_ host: HostRanks) -> String? {
        let refused = host.ranks.filter { $0.readsPeers == false }
        guard !refused.isEmpty else { return nil }
        return
            "\(host.name) does not let \(HostRanks.text(refused)) read the memory of other ranks (cross-memory attach), as "
            + "containers often do not, and Open MPI complains of every message that it tries to move so: start "
            + launcher.setting("btl_vader_single_copy_mechanism", "none")
    }

    private var mixture: String? {
        let kinds = Dictionary(grouping: hosts, by: \.processor).sorted { $0.key < $1.key }
        guard kinds.count > 1 else { return nil }
        let list = kinds.map { kind in
            let others = kind.value.count - 1
            let names = kind.value[0].name + (others == 0 ? "" : " and \(NumberFormat.counted(others, "host")) more")
            let ranks = kind.value.flatMap(\.ranks).sorted { $0.rank < $1.rank }
            return "\(kind.key) on \(names) (\(HostRanks.text(ranks)))"
        }
        return "The hosts have different processors, \(list.joined(separator: "; ")), so a step is slower than on the "
            + "slowest of them alone: leave the slower hosts out of \(launcher.hostList), or give them less work with "
            + "train's --balance measured and build for all of them, with LOCKSTEP_MARCH=x86-64-v3 for x86-64"
    }

    private var unevenness: String? {
        let hosts = hosts.filter { $0.physicalCount > 0 }
        // Different hosts that are used in full are as even as they can be.
        guard hosts.contains(where: { $0.threads != $0.physicalCount }) else { return nil }
        for measure in [\HostRanks.threads, \.physicalCount] {
            let sorted = hosts.sorted { $0[keyPath: measure] < $1[keyPath: measure] }
            guard let least = sorted.first, let most = sorted.last else { return nil }
            guard most[keyPath: measure] >= 2 * least[keyPath: measure] else { continue }
            return "The hosts differ much: \(share(of: most)), but \(share(of: least)); "
                + launcher.fullHosts
        }
        return nil
    }

    private func share(of host: HostRanks) -> String {
        "\(host.name) has \(NumberFormat.counted(host.physicalCount, "core")) and runs "
            + "\(NumberFormat.counted(host.threads, "thread")) (\(host.text))"
    }
}
