import CMPIShim
import Collectives

/// The ranks that mpirun or srun started, talking through MPI.
///
/// Errors are returned by MPI and thrown as `CommunicationError`. Used from one thread.
public final class MPICommunicator: Communicator {
    /// This rank's number, in `0..<size`.
    public let rank: Int
    /// The number of ranks.
    public let size: Int
    /// The machine this rank runs on, as MPI names it.
    public let hostName: String
    let handle: mpishim_communicator
    let ledger: OperationLedger
    private let isWorld: Bool

    init(handle: mpishim_communicator, rank: Int, size: Int, hostName: String, ledger: OperationLedger, isWorld: Bool) {
        self.handle = handle
        self.rank = rank
        self.size = size
        self.hostName = hostName
        self.ledger = ledger
        self.isWorld = isWorld
    }

    /// Opens another channel over the same ranks.
    public func makeChannel() throws(CommunicationError) -> any Communicator {
        var copy = mpishim_communicator()
        try check(mpishim_duplicate(handle, &copy), .makeChannel)
        return MPICommunicator(
            handle: copy, rank: rank, size: size, hostName: hostName, ledger: ledger, isWorld: false)
    }

    /// Returns the bytes of `root` on every rank.
    public func broadcast(_ bytes: [UInt8], from root: Int) throws(CommunicationError) -> [UInt8] {
        let operation = CollectiveOperation.broadcast(root: root)
        var length = Int64(bytes.count)
        try check(mpishim_broadcast(handle, &length, Int32(MemoryLayout<Int64>.size), Int32(root)), operation)
        let count = try checkedCount(Int(length), operation)
        var result = rank == root ? bytes : [UInt8](repeating: 0, count: Int(length))
        try check(mpishim_broadcast(handle, &result, count, Int32(root)), operation)
        return result
    }

    /// Returns the bytes of every rank on `root`, and nothing on the others.
    public func gather(_ bytes: [UInt8], to root: Int) throws(CommunicationError) -> [[UInt8]] {
        let operation = CollectiveOperation.gather(root: root)
        let sections = try sectionsOfEveryRank(byteCount: bytes.count, operation)
        var received = [UInt8](repeating: 0, count: rank == root ? sections.extent : 0)
        try check(
            mpishim_gather_bytes(
                handle, bytes, Int32(bytes.count), &received, sections.byteCounts, sections.offsets, Int32(root)),
            operation)
        return rank == root ? split(received, sections) : []
    }

    /// Returns the bytes of every rank on every rank.
    public func allGather(_ bytes: [UInt8]) throws(CommunicationError) -> [[UInt8]] {
        let sections = try sectionsOfEveryRank(byteCount: bytes.count, .allGather)
        var received = [UInt8](repeating: 0, count: sections.extent)
        let start = sections.offset(ofRank: rank)
        received.replaceSubrange(start..<start + bytes.count, with: bytes)
        try check(
            mpishim_all_gather_bytes(handle, &received, sections.byteCounts, sections.offsets), .allGather)
        return split(received, sections)
    }

    /// Element-wise sums over all ranks.
    public func sum(_ values: [Int64]) throws(CommunicationError) -> [Int64] {
        let operation = CollectiveOperation.sumOfIntegers(count: values.count)
        let count = try checkedCount(values.count, operation)
        var sums = values
        try check(mpishim_sum_int64(handle, &sums, count), operation)
        return sums
    }

    /// Element-wise sums over all ranks, in MPI's order.
    public func sum(_ values: [Double]) throws(CommunicationError) -> [Double] {
        let operation = CollectiveOperation.sumOfDoubles(count: values.count)
        let count = try checkedCount(values.count, operation)
        var sums = values
        try check(mpishim_sum_double(handle, &sums, count), operation)
        return sums
    }

    /// Returns when every rank has called it.
    public func barrier() throws(CommunicationError) {
        try check(mpishim_barrier(handle), .barrier)
    }

    /// Fills in the sections of the other ranks.
    public func allGather(in block: MemoryRegion, sections: RankSections) throws(CommunicationError) {
        sections.requireFit(in: block, on: self)
        try check(
            mpishim_all_gather_bytes(handle, block.address, sections.byteCounts, sections.offsets),
            .allGatherSections)
    }

    /// Starts `allGather(in:sections:)`.
    public func startAllGather(
        in block: MemoryRegion, sections: RankSections
    ) throws(CommunicationError) -> any StartedOperation {
        sections.requireFit(in: block, on: self)
        var request = mpishim_request()
        try check(
            mpishim_start_all_gather_bytes(
                handle, block.address, sections.byteCounts, sections.offsets, &request),
            .allGatherSections)
        return MPIOperation(
            .allGatherSections, request: request, on: self, regions: (block, block), sections: (sections, sections))
    }

    /// Starts sending a section to every rank and receiving one from each.
    public func startAllToAll(
        from source: MemoryRegion, sections sourceSections: RankSections,
        into target: MemoryRegion, sections targetSections: RankSections
    ) throws(CommunicationError) -> any StartedOperation {
        sourceSections.requireFit(in: source, on: self)
        targetSections.requireFit(in: target, on: self)
        var request = mpishim_request()
        try check(
            mpishim_start_all_to_all_bytes(
                handle, source.address, sourceSections.byteCounts, sourceSections.offsets,
                target.address, targetSections.byteCounts, targetSections.offsets, &request),
            .allToAll)
        return MPIOperation(
            .allToAll, request: request, on: self, regions: (source, target),
            sections: (sourceSections, targetSections))
    }

    /// Starts replacing the `Float`s of `block` by their sums over all ranks, in MPI's order.
    public func startSum(ofFloatsIn block: MemoryRegion) throws(CommunicationError) -> any StartedOperation {
        let floatCount = block.byteCount / MemoryLayout<Float>.stride
        let operation = CollectiveOperation.sumOfFloats(count: floatCount)
        let count = try checkedCount(floatCount, operation)
        var request = mpishim_request()
        let floats = block.address.assumingMemoryBound(to: Float.self)
        try check(mpishim_start_sum_float(handle, floats, count, &request), operation)
        return MPIOperation(operation, request: request, on: self, regions: (block, block), sections: nil)
    }

    /// Ends all ranks of the job at once; mpirun returns `exitCode`.
    public func abort(exitCode: Int32) {
        _ = mpishim_abort(handle, exitCode)
    }

    /// Ends MPI for this process; called on the communicator that `start()` returned, and nothing may follow it.
    /// On a channel it does nothing.
    public func finish() throws(CommunicationError) {
        try ledger.requireEmpty(on: self)
        guard isWorld else { return }
        try check(mpishim_end(), .finish)
    }

    private func sectionsOfEveryRank(
        byteCount: Int, _ operation: CollectiveOperation
    ) throws(CommunicationError) -> RankSections {
        var counts = [Int64](repeating: 0, count: size)
        try check(mpishim_all_gather_int64(handle, Int64(byteCount), &counts), operation)
        return try RankSections(byteCounts: counts.map(Int.init), on: self)
    }

    private func split(_ bytes: [UInt8], _ sections: RankSections) -> [[UInt8]] {
        (0..<size).map { rank in
            Array(bytes[sections.offset(ofRank: rank)...].prefix(sections.byteCount(ofRank: rank)))
        }
    }
}
