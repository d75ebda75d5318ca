import Collectives
import Tensors

/// What the tests run under mpirun.
enum Scenario: String, CaseIterable {
    /// How the process was launched: prints `ranks N`.
    case launch
    /// Every operation against an expectation computed on each rank.
    case collectives
    /// The ordered exchange; prints `digest H` of its result, which must not depend on the number of ranks.
    case ordered
    /// The fast exchange, held to the exact sum.
    case fast
    /// The last rank throws while the others wait for it.
    case failure
    /// Ranks disagree about the length of a message, which MPI reports.
    case truncation
    /// An operation is started and never finished.
    case unfinished

    /// Runs the scenario and returns the line that rank 0 prints.
    func run(on communicator: any Communicator) throws -> String? {
        switch self {
        case .launch: return "ranks \(communicator.size)"
        case .collectives: return try CollectivesScenario(communicator: communicator).run()
        case .ordered: return try ExchangeScenario(communicator: communicator, reduction: .ordered).run()
        case .fast: return try ExchangeScenario(communicator: communicator, reduction: .fast).run()
        case .failure: return try failLast(communicator)
        case .truncation: return try disagree(communicator)
        case .unfinished: return try leaveUnfinished(communicator)
        }
    }

    private func failLast(_ communicator: any Communicator) throws -> String? {
        if communicator.rank == communicator.size - 1 {
            throw ProbeFailure("Rank \(communicator.rank) cannot go on. This is what the scenario is for.")
        }
        try communicator.barrier()
        return nil
    }

    private func disagree(_ communicator: any Communicator) throws -> String? {
        let byteCount = MemoryLayout<Double>.stride * (communicator.rank == 0 ? 1 : 100)
        try communicator.startSum(ofDoublesIn: MemoryRegion(AlignedMemory(byteCount: byteCount))).wait()
        return nil
    }

    private func leaveUnfinished(_ communicator: any Communicator) throws -> String? {
        _ = try communicator.startSum(ofFloatsIn: MemoryRegion(Tensor([64]), elements: 0..<64))
        return nil
    }
}
