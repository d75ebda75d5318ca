import Reports
import CommandLineArguments
import Foundation
import Hosts
import Measurements
import Training

/// What `lockstep doctor --json` prints: one object on one line. What does not exist, or is not known, is null.
package enum DoctorDocument {
    /// The line. Without measurements `speeds` and `exchanges` are empty.
    package static func text(
        _ diagnosis: Diagnosis, _ findings: [Finding], _ speeds: [RankSpeed], _ exchanges: [ExchangeTiming]
    ) -> String {
        let document: [String: Any] = [
            "version": Program.version,
            "ranks": diagnosis.ranks.map { object($0, speeds.isEmpty ? nil : speeds[$0.rank]) },
            "findings": findings.map {
                ["cause": $0.cause.rawValue, "warning": $0.cause.isWarning, "sentence": $0.sentence] as [String: Any]
            },
            "exchanges": exchanges.map { timing -> [String: Any] in
                ["operation": timing.operation, "bytes": timing.bytes, "seconds": object(timing.seconds)]
            },
        ]
        let data = try? JSONSerialization.data(
            withJSONObject: document, options: [.sortedKeys, .withoutEscapingSlashes])
        guard let data else { preconditionFailure("a measurement has no form in JSON") }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private static func object(_ rank: RankFacts, _ speed: RankSpeed?) -> [String: Any] {
        [
            "rank": rank.rank, "host": rank.place.host, "processor": rank.processor,
            "cores": rank.place.cores.numbers, "physical_cores": rank.physicalCores.numbers,
            "host_cores": rank.place.hostCoreCount, "threads": rank.place.threads,
            "core_limit": rank.coreLimit ?? NSNull(), "memory_bytes": rank.memory?.total ?? NSNull(),
            "free_memory_bytes": rank.freeMemory ?? NSNull(),
            "cross_memory_attach": rank.readsPeers ?? NSNull(),
            "operations_per_second": speed.map { object($0.operations) } ?? NSNull(),
            "bytes_per_second": speed.map { object($0.bytes) } ?? NSNull(),
        ]
    }

    private static func object(_ spread: Spread) -> Any { ["minimum": spread.minimum, "median": spread.median] }

    /// Every key with its meaning.
    package static let keys: [HelpSection.Row] = [
        .init("version", "the version of lockstep"),
        .init("ranks", "one object for each rank, in order"),
        .init("rank, host, processor", "its number, its machine, and that one's processor"),
        .init("cores, physical_cores", "the cores it may use; the same by the first hardware thread of each"),
        .init("host_cores, threads", "the cores of the host; the threads of the rank"),
        .init("core_limit", "the processor time its control groups allow, in cores; null without a limit"),
        .init("memory_bytes", "of the host; null if not known"),
        .init("free_memory_bytes", "what the host and the control groups leave"),
        .init(
            "cross_memory_attach", "whether it can read the next rank's memory; null without one or if MPI is not to"),
        .init("operations_per_second", "minimum and median of a thread, two a multiply-add; null if not measured"),
        .init("bytes_per_second", "minimum and median of a thread's stream through memory; null likewise"),
        .init("findings", "cause, warning (or else a note) and sentence of each"),
        .init("cause, warning, sentence", Finding.Cause.allCases.map(\.rawValue).joined(separator: ", ")),
        .init("exchanges", "operation, bytes and seconds of each; empty for one rank"),
        .init("operation, bytes, seconds", "allreduce or allgather, the bytes it leaves on each rank, its time"),
        .init("minimum, median", "of the repetitions"),
    ]
}
