import Foundation
import Reports

/// Ranks that are slower than the others though nothing else that was found explains it.
extension Diagnosis {
    /// Below this share of the median a rank is slow.
    private static let slowShare = 0.8
    /// No processor has more cache for a core.
    private static let streamedBytes = 96 << 20
    /// Less is too quick for the clock.
    private static let leastStreamedBytes = 1 << 20

    /// The bytes that each thread of this rank's host may stream through: all of them at most a quarter of what is free,
    /// unless that is next to nothing.
    package func streamedBytes(rank: Int) -> Int {
        let host = ranks[rank].place.host
        let neighbours = ranks.filter { $0.place.host == host }
        let free = neighbours.compactMap(\.freeMemory).min() ?? .max
        let share = free / 4 / max(1, HostRanks.threads(neighbours))
        return min(Self.streamedBytes, max(Self.leastStreamedBytes, share))
    }

    /// What was found, and the ranks that are slow by these speeds, in rank order.
    package func findings(with speeds: [RankSpeed]) -> [Finding] {
        let explained = coreTroubles.hosts
        let slow = hosts.filter { !explained.contains($0.name) }.flatMap { slowness($0, speeds) }
        let all = findings
        return all.filter(\.cause.isWarning) + slow + all.filter { !$0.cause.isWarning }
    }

    private func slowness(_ host: HostRanks, _ speeds: [RankSpeed]) -> [Finding] {
        let computing = shares(host, speeds, \.operations)
        let streaming = shares(host, speeds, \.bytes)
        let slow = host.ranks.filter { computing[$0.rank, default: 1] < Self.slowShare }
        let starved = host.ranks.filter {
            streaming[$0.rank, default: 1] < Self.slowShare && computing[$0.rank, default: 1] >= Self.slowShare
        }
        return [
            complaint(
                slow, host, computing, verb: (third: "computes", plural: "compute"),
                remedy: "look for another job on the same cores, a lower clock limit or throttling; "),
            complaint(
                starved, host, streaming, verb: (third: "streams memory", plural: "stream memory"),
                remedy: "look for another job that uses the same memory, and start "
                    + launcher.binding(mostThreads: host.mostThreads) + " so that their memory lies near; "),
        ].compactMap { $0 }
    }

    /// What each rank reaches of the median of all ranks with the same processor, by rank: that different processors
    /// differ is another finding.
    private func shares(
        _ host: HostRanks, _ speeds: [RankSpeed], _ measure: KeyPath<RankSpeed, Spread>
    ) -> [Int: Double] {
        let peers = ranks.filter { $0.processor == host.processor }
        let median = peers.map { speeds[$0.rank][keyPath: measure].median }.median
        return Dictionary(
            uniqueKeysWithValues: host.ranks.map { ($0.rank, speeds[$0.rank][keyPath: measure].median / median) })
    }

    private func complaint(
        _ slow: [RankFacts], _ host: HostRanks, _ shares: [Int: Double], verb: (third: String, plural: String),
        remedy: String
    ) -> Finding? {
        guard !slow.isEmpty else { return nil }
        let share = slow.compactMap { shares[$0.rank] }.median
        let isOne = slow.count == 1
        let isAll = slow.count == host.ranks.count
        let text = HostRanks.text(slow)
        let subject = isAll && !isOne ? "All " + text : text.prefix(1).uppercased() + text.dropFirst()
        let predicate = isOne ? verb.third : verb.plural
        let without =
            isAll && hosts.count > 1
            ? "\(host.name) out of \(launcher.hostList)" : launcher.withoutCore(isOnlyHost: hosts.count == 1)
        let peers = Set(ranks.map(\.processor)).count > 1 ? " of ranks with this processor" : ""
        return Finding(
            .slowRanks,
            sentence: "\(subject) on \(host.name) \(predicate) at \(String(format: "%.0f", share * 100)) % of the "
                + "median\(peers): \(remedy)leave \(without), or give less work to what is slow with train's --balance "
                + "measured.")
    }
}
