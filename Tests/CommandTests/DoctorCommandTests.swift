import Foundation
import TestSupport
import Testing

import lockstep

@Suite("lockstep doctor", .serialized)
struct DoctorCommandTests {
    private static func document(_ options: [String], ranks: Int?) throws -> [String: Any] {
        let launch = try Launch.lockstep(["doctor", "--json"] + options, ranks: ranks)
        #expect(launch.exitCode == 0 && launch.sentences.isEmpty, "\(launch.errors)")
        #expect(launch.output.split(separator: "\n").count == 1)
        return try #require(JSONSerialization.jsonObject(with: Data(launch.output.utf8)) as? [String: Any])
    }

    // Guards: over MPI a row for each rank, its rates and the exchanges, printed by rank 0 alone, and code 0 whatever is
    // found.
    @Test(arguments: [1, 2, 3, 5])
    func showsEveryRank(ranks: Int) throws {
        let launch = try Launch.lockstep(["doctor"], ranks: ranks)
        #expect(launch.exitCode == 0 && launch.sentences.isEmpty, "\(launch.errors)")
        let lines = launch.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        for rank in 0..<ranks { #expect(lines.filter { $0.first == "\(rank)" }.count == 2, "\(launch.output)") }
        #expect(lines.filter { $0.first == "Rank" && $0.contains("Processor") }.count == 1)
        for operation in ["allreduce", "allgather"] {
            #expect(lines.filter { $0.first == operation }.count == (ranks == 1 ? 0 : 2))
        }
        #expect(launch.output.contains("Warning: ") != launch.output.contains("Nothing is wrong.\n"))
    }

    // Guards: without measurements there are facts and findings only; threads that cannot each have a core are found once.
    @Test(arguments: [nil, 3])
    func looksOnly(ranks: Int?) throws {
        let document = try Self.document(["--no-measurements", "--threads", "3000"], ranks: ranks)
        let facts = try #require(document["ranks"] as? [[String: Any]])
        #expect(facts.count == ranks ?? 1)
        #expect(facts.allSatisfy { $0["threads"] as? Int == 3000 && $0["bytes_per_second"] is NSNull })
        let findings = try #require(document["findings"] as? [[String: Any]])
        let cores = findings.compactMap { $0["cause"] as? String }
            .filter { ["processor-limit", "shared-cores", "shared-physical-cores"].contains($0) }
        #expect(cores.count == 1, "\(findings)")
        #expect((document["exchanges"] as? [Any])?.isEmpty == true)
    }

    // Guards: every key that is printed is explained on the help page, and no key is explained that is not printed.
    @Test func keysAreDocumented() throws {
        // More threads than cores, so that there is a finding; measured with two ranks in the next line.
        let first = documentKeys(try Self.document(["--no-measurements", "--threads", "3000"], ranks: nil))
        let keys = first.union(documentKeys(try Self.document([], ranks: 2)))
        let named = Set(DoctorDocument.keys.flatMap { $0.term.components(separatedBy: ", ") })
        #expect(keys.subtracting(named) == [] && named.subtracting(keys) == [])
    }
}
