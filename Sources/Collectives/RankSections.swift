import Tensors

/// Where the bytes of each rank lie within one block. Made once and used for many operations.
///
/// The numbers are kept in memory of their own in MPI's form, since a started operation may read them until its end.
public struct RankSections: @unchecked Sendable {
    /// The largest block in bytes: MPI 3 counts with 32-bit integers.
    public static let largestBlock = Int(Int32.max)

    private let memory: AlignedMemory
    /// The number of ranks.
    public let rankCount: Int
    /// The bytes a block must have to hold every section.
    public let extent: Int

    /// Sections of `byteCounts[rank]` bytes at `offsets[rank]` bytes from the start of the block; one behind the other
    /// when no offsets are given. Throws when the block is larger than `largestBlock`.
    public init(
        byteCounts: [Int], offsets: [Int]? = nil, on communicator: any Communicator
    ) throws(CommunicationError) {
        precondition(byteCounts.count == communicator.size, "\(byteCounts.count) sections, \(communicator.size) ranks")
        precondition(offsets.map { $0.count == byteCounts.count } ?? true, "as many offsets as sections")
        rankCount = byteCounts.count
        memory = AlignedMemory(byteCount: 2 * rankCount * MemoryLayout<Int32>.stride)
        let numbers = memory.address.bindMemory(to: Int32.self, capacity: 2 * rankCount)
        var end = 0
        var extent = 0
        for rank in 0..<rankCount {
            let offset = offsets?[rank] ?? end
            precondition(byteCounts[rank] >= 0 && offset >= 0, "a section has no negative size or offset")
            end = offset + byteCounts[rank]
            extent = max(extent, end)
            numbers[rank] = Int32(clamping: byteCounts[rank])
            numbers[rankCount + rank] = Int32(clamping: offset)
        }
        self.extent = extent
        guard extent <= Self.largestBlock else {
            throw CommunicationError(
                operation: .allGatherSections, rank: communicator.rank, hostName: communicator.hostName,
                reason: "a message of \(extent) bytes is more than MPI can count, \(Self.largestBlock) bytes",
                nextStep: "Use smaller buckets or more ranks.")
        }
    }

    /// The size of one rank's section in bytes.
    public func byteCount(ofRank rank: Int) -> Int { Int(byteCounts[rank]) }

    /// The distance in bytes from the start of the block to one rank's section.
    public func offset(ofRank rank: Int) -> Int { Int(offsets[rank]) }

    /// The sizes as MPI takes them, valid as long as this value lives.
    package var byteCounts: UnsafePointer<Int32> {
        UnsafePointer(memory.address.assumingMemoryBound(to: Int32.self))
    }

    /// The offsets as MPI takes them, valid as long as this value lives.
    package var offsets: UnsafePointer<Int32> { byteCounts + rankCount }

    /// Never frees the numbers: an operation that was dropped unfinished may still read them.
    package func keepForever() { _ = Unmanaged.passRetained(memory) }

    /// The bytes of one rank's section of `block`.
    package func bytes(ofRank rank: Int, in block: MemoryRegion) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: block.address + offset(ofRank: rank), count: byteCount(ofRank: rank))
    }

    /// Stops the program when `block` is too small: a mistake in the program, never in its input.
    package func requireFit(in block: MemoryRegion, on communicator: any Communicator) {
        precondition(extent <= block.byteCount, "sections of \(extent) bytes in a block of \(block.byteCount)")
        precondition(rankCount == communicator.size, "sections for \(rankCount) ranks, not \(communicator.size)")
    }
}
