import CommandLineArguments
import Hosts
import Measurements
import Reports
import Training

/// What `lockstep doctor --json` prints. What does not exist, or is not known, is null.
package struct DoctorDocument: Encodable {
    let version = Program.version
    let ranks: [Rank]
    let findings: [Found]
    let exchanges: [ExchangeTiming]

    /// A document; without measurements `speeds` and `exchanges` are empty.
    init(_ diagnosis: Diagnosis, _ findings: [Finding], _ speeds: [RankSpeed], _ exchanges: [ExchangeTiming]) {
        ranks = diagnosis.ranks.map { Rank($0, speeds.isEmpty ? nil : speeds[$0.rank]) }
        self.findings = findings.map {
            Found(cause: $0.cause, warning: $0.cause.isWarning, sentence: $0.sentence)
        }
        self.exchanges = exchanges
    }

    struct Found: Encodable {
        let cause: Finding.Cause
        let warning: Bool
        let sentence: String
    }

    struct Rank: Encodable {
        let rank: Int
        let host: String
        let processor: String
        let cores: [Int]
        let physicalCores: [Int]
        let hostCores: Int
        let threads: Int
        let coreLimit: Double?
        let memoryBytes: Int?
        let freeMemoryBytes: Int?
        let crossMemoryAttach: Bool?
        let operationsPerSecond: Spread?
        let bytesPerSecond: Spread?

        init(_ facts: RankFacts, _ speed: RankSpeed?) {
            (rank, host, processor) = (facts.rank, facts.place.host, facts.processor)
            (cores, physicalCores) = (facts.place.cores.numbers, facts.physicalCores.numbers)
            (hostCores, threads) = (facts.place.hostCoreCount, facts.place.threads)
            coreLimit = facts.coreLimit
            (memoryBytes, freeMemoryBytes) = (facts.memory?.total, facts.freeMemory)
            crossMemoryAttach = facts.readsPeers
            (operationsPerSecond, bytesPerSecond) = (speed?.operations, speed?.bytes)
        }
    }

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
