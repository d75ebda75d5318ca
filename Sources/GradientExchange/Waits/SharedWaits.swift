import Collectives

/// The waiting times of a finished step on their way to all ranks. `finish()` must be called before the next ones start.
public final class SharedWaits {
    private struct Travel {
        let operation: any StartedOperation
        let block: MemoryRegion
        let rank: Int
        let collectiveCount: Int
        let exchangeWork: Double
        let clock: () -> Double
    }

    // Nothing travels with a single rank.
    private let travel: Travel?
    /// Whether `finish()` has returned, so that the memory may be used again.
    private(set) var isFinished = false

    /// No times: communication cost nothing.
    init() {
        travel = nil
        isFinished = true
    }

    /// Times as `[rank][collective]` in `block`, complete when `operation` has finished.
    init(
        _ operation: any StartedOperation, block: MemoryRegion, rank: Int, collectiveCount: Int, exchangeWork: Double,
        clock: @escaping () -> Double
    ) {
        travel = Travel(
            operation: operation, block: block, rank: rank, collectiveCount: collectiveCount,
            exchangeWork: exchangeWork, clock: clock)
    }

    /// What communication cost this rank. Returns at once when every rank has started sharing by now; what it still
    /// has to wait, it waits for the slowest rank, and counts so.
    public func finish() throws(CommunicationError) -> StepWaits {
        guard let travel else { return .none }
        let start = travel.clock()
        try travel.operation.wait()
        let waited = travel.clock() - start
        isFinished = true
        let times = UnsafeRawBufferPointer(start: travel.block.address, count: travel.block.byteCount)
        let waits = StepWaits(
            ofRank: travel.rank, blocked: times.assumingMemoryBound(to: Double.self),
            collectiveCount: travel.collectiveCount, exchangeWork: travel.exchangeWork)
        return StepWaits(
            exchangeWork: waits.exchangeWork, exposedCommunication: waits.exposedCommunication,
            slowestRank: waits.slowestRank + waited)
    }
}
