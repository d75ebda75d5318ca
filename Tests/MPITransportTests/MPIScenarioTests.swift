import Foundation
import TestSupport
import Testing

/// What only real MPI ranks can show.
@Suite("Under mpirun", .serialized)
struct MPIScenarioTests {
    @Test("every operation does what it says, and MPI ends without a word", arguments: [1, 2, 3, 4, 5])
    func collectives(ranks: Int) throws {
        let outcome = try RankProbe(ranks: ranks).run("collectives")
        #expect(outcome.output == "collectives agree on \(ranks) ranks\n")
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }

    @Test("ordered sums have the same bits on 1, 2, 3, 4 and 5 ranks, and without mpirun")
    func orderedDigests() throws {
        let outcomes = try [nil, 1, 2, 3, 4, 5].map { try RankProbe(ranks: $0).run("ordered") }
        for outcome in outcomes {
            #expect(outcome.exitCode == 0)
            #expect(outcome.errors == "")
        }
        #expect(outcomes[0].output.hasPrefix("digest "))
        #expect(Set(outcomes.map(\.output)).count == 1)
    }

    @Test("fast sums are near the exact ones and alike on all ranks", arguments: [2, 3, 5])
    func fast(ranks: Int) throws {
        let outcome = try RankProbe(ranks: ranks).run("fast")
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }

    @Test("an error on one rank ends all of them with its sentence and a code", arguments: [2, 3])
    func failure(ranks: Int) throws {
        let outcome = try RankProbe(ranks: ranks).run("failure")
        #expect(outcome.errors.contains("Rank \(ranks - 1) cannot go on. This is what the scenario is for."))
        #expect(outcome.exitCode == 3)
    }

    @Test("an error that MPI reports becomes a sentence with MPI's own words")
    func truncation() throws {
        let outcome = try RankProbe(ranks: 2).run("truncation")
        #expect(outcome.errors.contains("failed in the sum of 1 doubles: MPI_ERR_"))
        #expect(outcome.exitCode == 3)
    }

    @Test("an operation that was never finished is found at the end")
    func unfinished() throws {
        let outcome = try RankProbe(ranks: 2).run("unfinished")
        #expect(outcome.errors.contains("started operations were never finished (1 of them)"))
        #expect(outcome.exitCode == 3)
    }
}
