import Collectives
import Tensors

/// Writes down how long one rank was blocked in each collective of a step.
///
/// Every rank makes the same blocking calls in the same order, so the n-th entry means the same collective everywhere
/// and the entries of all ranks can be compared without synchronised clocks. With a single rank nothing is written.
final class WaitLedger {
    private let communicator: any Communicator
    private let clock: () -> Double
    private let isAlone: Bool
    private var blocked: [Double] = []
    private var work = 0.0
    // The entries of all ranks as [rank][collective], made anew only when a step has another number of collectives.
    private var block: MemoryRegion?
    private var sections: RankSections?
    private var shared: SharedWaits?

    /// A ledger of one rank; `clock` gives seconds and only goes forward.
    init(communicator: any Communicator, clock: @escaping () -> Double) {
        self.communicator = communicator
        self.clock = clock
        isAlone = communicator.size == 1
    }

    /// The time in seconds.
    var now: Double { clock() }

    /// A step begins.
    func begin() {
        blocked.removeAll(keepingCapacity: true)
        work = 0
    }

    /// Runs a collective that ends for nobody before every rank has come, and writes down how long it took.
    func blocked<Result>(
        _ collective: () throws(CommunicationError) -> Result
    ) throws(CommunicationError) -> Result {
        guard !isAlone else { return try collective() }
        let start = clock()
        let result = try collective()
        blocked.append(clock() - start)
        return result
    }

    /// Runs work for the exchange that waits for nobody, and adds its time.
    func working<Result>(
        _ task: () throws(CommunicationError) -> Result
    ) throws(CommunicationError) -> Result {
        guard !isAlone else { return try task() }
        let start = clock()
        let result = try task()
        work += clock() - start
        return result
    }

    /// Starts sending this rank's entries to all others.
    func startSharing() throws(CommunicationError) -> SharedWaits {
        guard !isAlone, !blocked.isEmpty else { return SharedWaits() }
        precondition(shared?.isFinished ?? true, "the waiting times of the step before are still on their way")
        let (block, sections) = try layout()
        let own = block.address + sections.offset(ofRank: communicator.rank)
        blocked.withUnsafeBytes { own.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        let waits = SharedWaits(
            try communicator.startAllGather(in: block, sections: sections), block: block, rank: communicator.rank,
            collectiveCount: blocked.count, exchangeWork: work, clock: clock)
        shared = waits
        return waits
    }

    private func layout() throws(CommunicationError) -> (MemoryRegion, RankSections) {
        let byteCount = blocked.count * MemoryLayout<Double>.stride
        if let block, let sections, block.byteCount == byteCount * communicator.size { return (block, sections) }
        let sections = try RankSections(
            byteCounts: Array(repeating: byteCount, count: communicator.size), on: communicator)
        let block = MemoryRegion(AlignedMemory(byteCount: sections.extent))
        (self.block, self.sections) = (block, sections)
        return (block, sections)
    }
}
