import CMPIShim
import Collectives
import Tensors

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
    let watch: StallWatch
    private let isWorld: Bool

    init(
        handle: mpishim_communicator, rank: Int, size: Int, hostName: String, ledger: OperationLedger,
        watch: StallWatch, isWorld: Bool
    ) {
        self.handle = handle
        self.rank = rank
        self.size = size
        self.hostName = hostName
        self.ledger = ledger
        self.watch = watch
        self.isWorld = isWorld
    }

    /// What this rank is doing.
    public var activity: RankActivity { watch.activity }

    /// Lets every wait, on every channel, end with an error when it lasts longer and a rank gives no sign of life.
    public func watchStalls(after seconds: Double) { watch.patience = seconds }

    /// Opens another channel over the same ranks.
    public func makeChannel() throws(CommunicationError) -> any Communicator { try makeMPIChannel() }

    func makeMPIChannel() throws(CommunicationError) -> MPICommunicator {
        let copy = MemoryRegion(AlignedMemory(byteCount: MemoryLayout<mpishim_communicator>.stride))
        let handle = copy.address.bindMemory(to: mpishim_communicator.self, capacity: 1)
        try complete(.makeChannel, copy) { mpishim_start_duplicate(self.handle, handle, &$0) }
        try check(mpishim_return_errors(handle.pointee), .makeChannel)
        return MPICommunicator(
            handle: handle.pointee, rank: rank, size: size, hostName: hostName, ledger: ledger, watch: watch,
            isWorld: false)
    }

    /// Returns the bytes of `root` on every rank.
    public func broadcast(_ bytes: [UInt8], from root: Int) throws(CommunicationError) -> [UInt8] {
        let operation = CollectiveOperation.broadcast(root: root)
        let length = MemoryRegion(copying: [Int64(bytes.count)])
        try broadcast(length, from: root)
        let text = MemoryRegion(copying: rank == root ? bytes : [], room: Int(length.values(of: Int64.self)[0]))
        _ = try checkedCount(text.byteCount, operation)
        try broadcast(text, from: root)
        return text.values(of: UInt8.self)
    }

    /// Returns the bytes of every rank on every rank.
    public func allGather(_ bytes: [UInt8]) throws(CommunicationError) -> [[UInt8]] {
        let sections = try sectionsOfEveryRank(byteCount: bytes.count)
        let all = MemoryRegion(AlignedMemory(byteCount: sections.extent))
        sections.bytes(ofRank: rank, in: all).copyBytes(from: bytes)
        try allGather(in: all, sections: sections)
        return split(all, sections)
    }

    /// Returns when every rank has called it.
    public func barrier() throws(CommunicationError) {
        try complete(.barrier, MemoryRegion(AlignedMemory(byteCount: 0))) { mpishim_start_barrier(handle, &$0) }
    }

    /// Fills in the sections of the other ranks.
    public func allGather(in block: MemoryRegion, sections: RankSections) throws(CommunicationError) {
        try startAllGather(in: block, sections: sections).wait()
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
        let count = block.byteCount / MemoryLayout<Float>.stride
        return try startSum(.sumOfFloats(count: count), in: block, count: count, mpishim_start_sum_float)
    }

    /// Starts replacing the `Double`s of `block` by their sums over all ranks, in MPI's order.
    public func startSum(ofDoublesIn block: MemoryRegion) throws(CommunicationError) -> any StartedOperation {
        let count = block.byteCount / MemoryLayout<Double>.stride
        return try startSum(.sumOfDoubles(count: count), in: block, count: count, mpishim_start_sum_double)
    }

    private func startSum<Value>(
        _ operation: CollectiveOperation, in block: MemoryRegion, count: Int,
        _ start: (mpishim_communicator, UnsafeMutablePointer<Value>?, Int32, UnsafeMutablePointer<mpishim_request>?) ->
            Int32
    ) throws(CommunicationError) -> any StartedOperation {
        let count = try checkedCount(count, operation)
        var request = mpishim_request()
        try check(start(handle, block.address.assumingMemoryBound(to: Value.self), count, &request), operation)
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
        // MPI's own end waits for all ranks, too, but cannot be watched.
        try barrier()
        try check(mpishim_end(), .finish)
    }

    private func broadcast(_ block: MemoryRegion, from root: Int) throws(CommunicationError) {
        try complete(.broadcast(root: root), block) {
            mpishim_start_broadcast(handle, block.address, Int32(block.byteCount), Int32(root), &$0)
        }
    }

    private func sectionsOfEveryRank(byteCount: Int) throws(CommunicationError) -> RankSections {
        let size = MemoryLayout<Int64>.stride
        let sections = try RankSections(byteCounts: Array(repeating: size, count: self.size), on: self)
        let counts = MemoryRegion(AlignedMemory(byteCount: sections.extent))
        withUnsafeBytes(of: Int64(byteCount)) { sections.bytes(ofRank: rank, in: counts).copyMemory(from: $0) }
        try allGather(in: counts, sections: sections)
        return try RankSections(byteCounts: counts.values(of: Int64.self).map(Int.init), on: self)
    }

    private func split(_ block: MemoryRegion, _ sections: RankSections) -> [[UInt8]] {
        (0..<size).map { Array(sections.bytes(ofRank: $0, in: block)) }
    }

    /// Starts an operation on some memory and waits for its end.
    private func complete(
        _ operation: CollectiveOperation, _ block: MemoryRegion, start: (inout mpishim_request) -> Int32
    ) throws(CommunicationError) {
        var request = mpishim_request()
        try check(start(&request), operation)
        try MPIOperation(operation, request: request, on: self, regions: (block, block), sections: nil).wait()
    }
}

extension MemoryRegion {
    /// New memory that begins with `values`, with room for at least `room` bytes and no more than are needed.
    fileprivate init<Value>(copying values: [Value], room: Int = 0) {
        let byteCount = max(values.count * MemoryLayout<Value>.stride, room)
        self.init(AlignedMemory(byteCount: byteCount))
        values.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: address, count: byteCount).copyMemory(from: $0) }
    }

    /// The bytes as values.
    fileprivate func values<Value: BitwiseCopyable>(of type: Value.Type) -> [Value] {
        Array(UnsafeRawBufferPointer(start: address, count: byteCount).bindMemory(to: type))
    }
}
