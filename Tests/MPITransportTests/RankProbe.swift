import TestSupport

/// Runs rank-probe, under mpirun or by itself.
struct RankProbe {
    /// The number of ranks for mpirun, or nil to run without it.
    var ranks: Int?
    /// Variables in addition to the environment of the tests.
    var environment: [String: String] = [:]

    /// Runs rank-probe with `arguments`.
    func run(_ arguments: String...) throws -> Launch {
        let launcher = ranks.map { Launch.mpirun(ranks: $0) } ?? []
        return try Launch.run(
            launcher + [Launch.product("rank-probe")] + arguments, processes: ranks ?? 0, environment: environment)
    }
}
