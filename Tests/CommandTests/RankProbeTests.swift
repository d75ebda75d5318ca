import Testing

@Suite("Open MPI, by rank-probe's scenarios", .serialized)
struct RankProbeTests {
    private func probe(_ scenario: String, ranks: Int) throws -> Launch {
        try Launch.mpirun([["-np", "\(ranks)", Launch.product("rank-probe"), scenario]], seconds: 40)
    }

    // Guards: every operation does over MPI what its definition says, on rank counts that are no powers of two too.
    @Test(arguments: [1, 2, 3, 4, 5])
    func collectivesAgree(ranks: Int) throws {
        let launch = try probe("collectives", ranks: ranks)
        #expect(launch.exitCode == 0, "\(launch.errors)")
        #expect(launch.output.contains("collectives agree on \(ranks) ranks"))
    }

    // Guards: the ordered exchange gives the same bits on any number of ranks over MPI.
    @Test func orderedSumsAreTheSameOnAnyNumberOfRanks() throws {
        let digests = try [1, 2, 3, 4, 5].map { try probe("ordered", ranks: $0).output }
        #expect(digests[0].hasPrefix("digest "))
        #expect(Set(digests).count == 1, "\(digests)")
    }

    // Guards: the fast exchange is right within rounding (the scenario checks the numbers).
    @Test(arguments: [2, 3])
    func fastSumsAreRight(ranks: Int) throws {
        let launch = try probe("fast", ranks: ranks)
        #expect(launch.exitCode == 0, "\(launch.errors)")
    }

    // Guards: a rank that fails ends the job within seconds, with its sentence; so does an operation that
    // nobody waited for.
    @Test(arguments: ["failure", "unfinished"])
    func failuresEndTheJob(scenario: String) throws {
        let launch = try probe(scenario, ranks: 3)
        #expect(launch.exitCode != 0 && launch.exitCode != 124 && launch.exitCode != 137, "\(launch.errors)")
        #expect(launch.errors.contains("Rank ") || launch.errors.contains("rank "), "\(launch.errors)")
    }

    // Guards: outside mpirun MPI is not started, and one rank is what there is.
    @Test func aloneIsOneRank() throws {
        let launch = try Launch.run([Launch.product("rank-probe"), "launch"], seconds: 20)
        #expect(launch.exitCode == 0 && launch.output == "ranks 1\n" && launch.errors.isEmpty)
    }
}
