import Collectives
import Foundation

/// Where the ranks of a job run: how many threads each host's ranks bring, and which cores they may use.
public struct Placement: Sendable, Equatable {
    /// One rank's place.
    package struct Place: Codable, Sendable, Equatable {
        package let host: String
        /// The cores this rank is allowed, by the system's numbers.
        package let cores: [Int]
        package let threads: Int

        /// The place of a rank.
        package init(host: String, cores: [Int], threads: Int) {
            self.host = host
            self.cores = cores
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
        let own = Place(host: communicator.hostName, cores: Self.allowedCores, threads: threads)
        places = try communicator.allGather(Array(JSONEncoder().encode(own))).map {
            try JSONDecoder().decode(Place.self, from: Data($0))
        }
    }

    /// What a person should know: one sentence for each host where threads have to share cores.
    public var warnings: [String] {
        let hosts = Dictionary(grouping: places, by: \.host)
        return hosts.keys.sorted().compactMap { warning(about: hosts[$0] ?? [], on: $0) }
    }

    private func warning(about ranks: [Place], on host: String) -> String? {
        let threads = ranks.reduce(0) { $0 + $1.threads }
        let cores = Set(ranks.flatMap(\.cores)).count
        let crowded = ranks.filter { !$0.cores.isEmpty && $0.threads > $0.cores.count }.count
        guard cores > 0, threads > cores || crowded > 0 else { return nil }
        let names = ranks.count == 1 ? "1 rank" : "\(ranks.count) ranks"
        let seen = cores == 1 ? "1 core" : "\(cores) cores"
        let remedy =
            threads > cores && crowded == 0
            ? "start fewer ranks or threads"
            : "start mpirun with --map-by slot:PE=THREADS --bind-to core, or fewer of them"
        return
            "\(host) runs \(names) with \(threads) threads in all on \(seen), so they wait for each other: \(remedy)."
    }

    /// The cores this process may run on; empty where the system does not say.
    private static var allowedCores: [Int] {
        (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)).map(allowedCores(inStatus:)) ?? []
    }

    /// The cores in a text like Linux's `/proc/self/status`, where they stand as `0-3,8`.
    package static func allowedCores(inStatus text: String) -> [Int] {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") }) else {
            return []
        }
        return line.dropFirst("Cpus_allowed_list:".count).split(separator: ",").flatMap { run -> [Int] in
            let ends = run.split(separator: "-").map { Int($0.trimmingCharacters(in: .whitespaces)) }
            guard let first = ends.first, let last = ends.last, let first, let last, 0...last ~= first, last < 1 << 16
            else { return [] }
            return Array(first...last)
        }
    }
}
