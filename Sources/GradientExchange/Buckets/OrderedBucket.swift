import Collectives
import Granules
import Kernels
import Tensors

/// One bucket of the ordered reduction. Every rank sends the owner of each slice its partial sums of that slice, one for
/// each of its subtrees; the owner adds them in tree order; the finished slices are gathered back. All of it travels in
/// the format of `compression`.
final class OrderedBucket {
    private let slices: [Range<Int>]
    private let rank: Int
    private let blocks: [Tensor]
    private let sending: MemoryRegion
    private let sendingSections: RankSections
    private let receiving: MemoryRegion
    private let receivingSections: RankSections
    private let gathered: MemoryRegion
    private let gatheredSections: RankSections
    private let sum: RowSum
    private let compression: GradientCompression
    /// The partial sums of the other ranks as floats; what was received itself if they arrive so.
    private let unpacked: MemoryRegion
    private var operation: (any StartedOperation)?

    /// Prepares buffers and orders for `bucket` of `blocks`, this rank's partial sums, one block a subtree.
    init(
        bucket: Range<Int>, blocks: [Tensor], plan: GranulePlan, order: SummationOrder,
        communicator: any Communicator, compression: GradientCompression
    ) throws(CommunicationError) {
        let slices = BucketSlices(bucket: bucket, rankCount: communicator.size).slices
        let rank = communicator.rank
        let subtreeCounts = plan.subtreesByRank.map(\.count)
        let size = compression.byteCount
        let sentCounts = slices.indices.map { $0 == rank ? 0 : slices[$0].count * blocks.count * size }
        let receivedCounts = slices.indices.map { $0 == rank ? 0 : slices[rank].count * subtreeCounts[$0] * size }
        self.slices = slices
        self.rank = rank
        self.blocks = blocks
        self.compression = compression
        if blocks.count == 1, compression == .single {
            // A single subtree is sent from where it lies.
            sending = MemoryRegion(blocks[0], elements: bucket)
            sendingSections = try RankSections(
                byteCounts: sentCounts, offsets: slices.map { ($0.lowerBound - bucket.lowerBound) * size },
                on: communicator)
        } else {
            sendingSections = try RankSections(byteCounts: sentCounts, on: communicator)
            sending = MemoryRegion(AlignedMemory(byteCount: sendingSections.extent))
        }
        let receivingSections = try RankSections(byteCounts: receivedCounts, on: communicator)
        self.receivingSections = receivingSections
        receiving = MemoryRegion(AlignedMemory(byteCount: receivingSections.extent))
        gatheredSections = try RankSections(byteCounts: slices.map { $0.count * size }, on: communicator)
        if compression == .single {
            gathered = MemoryRegion(blocks[0], elements: bucket)
            unpacked = receiving
        } else {
            gathered = MemoryRegion(AlignedMemory(byteCount: gatheredSections.extent))
            let floatCount = receivingSections.extent / size
            unpacked = MemoryRegion(AlignedMemory(byteCount: floatCount * MemoryLayout<Float>.stride))
        }

        let offsets = slices.indices.map { receivingSections.offset(ofRank: $0) / size }
        let rows = Self.rows(
            of: slices[rank], ownBlocks: blocks, rank: rank, subtreeCounts: subtreeCounts, received: unpacked,
            offsets: offsets)
        sum = RowSum(
            of: rows, in: order, total: blocks[0].pointer + slices[rank].lowerBound, count: slices[rank].count,
            compression: compression)
    }

    /// Starts sending the partial sums to their owners.
    func startScatter(on channel: any Communicator) throws(CommunicationError) {
        if blocks.count > 1 || compression != .single { pack() }
        operation = try channel.startAllToAll(
            from: sending, sections: sendingSections, into: receiving, sections: receivingSections)
    }

    /// Adds this rank's slice, once the partial sums of all ranks are here, and starts gathering the slices.
    func startGather(on channel: any Communicator) throws(CommunicationError) {
        if compression != .single {
            let floats = unpacked.address.assumingMemoryBound(to: Float.self)
            compression.unpack(receiving.address, into: floats, count: receivingSections.extent / compression.byteCount)
        }
        sum.evaluate()
        let slice = slices[rank]
        if compression != .single {
            compression.pack(
                blocks[0].pointer + slice.lowerBound, into: gathered.address + gatheredSections.offset(ofRank: rank),
                count: slice.count)
        }
        operation = try channel.startAllGather(in: gathered, sections: gatheredSections)
    }

    /// Whether what was started last has finished.
    func isIdle(waiting: Bool) throws(CommunicationError) -> Bool {
        guard let operation else { return true }
        if waiting {
            try operation.wait()
        } else if try !operation.test() {
            return false
        }
        self.operation = nil
        return true
    }

    /// Puts the slices of the other ranks where the sum belongs, once they are gathered.
    func finishGather() {
        guard compression != .single else { return }
        for owner in slices.indices where owner != rank {
            compression.unpack(
                gathered.address + gatheredSections.offset(ofRank: owner),
                into: blocks[0].pointer + slices[owner].lowerBound, count: slices[owner].count)
        }
    }

    /// The rows of one slice, subtree by subtree from left to right over all ranks: this rank's own where they lie,
    /// the others' where they are received as [source][subtree][element].
    private static func rows(
        of slice: Range<Int>, ownBlocks: [Tensor], rank: Int, subtreeCounts: [Int], received: MemoryRegion,
        offsets: [Int]
    ) -> [UnsafeMutablePointer<Float>] {
        subtreeCounts.indices.flatMap { source in
            if source == rank { return ownBlocks.map { $0.pointer + slice.lowerBound } }
            let floats = received.address.assumingMemoryBound(to: Float.self) + offsets[source]
            return (0..<subtreeCounts[source]).map { floats + $0 * slice.count }
        }
    }

    /// Lays out what is sent as [owner][subtree][element].
    private func pack() {
        for owner in slices.indices where owner != rank {
            let slice = slices[owner]
            var target = sending.address + sendingSections.offset(ofRank: owner)
            for block in blocks {
                compression.pack(block.pointer + slice.lowerBound, into: target, count: slice.count)
                target += slice.count * compression.byteCount
            }
        }
    }
}

/// How a bucket, a range of the flat block, is shared out: rank r owns the r-th slice and finishes its sum.
package struct BucketSlices {
    /// The range of each rank in the flat block, from left to right. A slice may be empty.
    package let slices: [Range<Int>]

    /// Equal slices, rounded to whole cache lines.
    package init(bucket: Range<Int>, rankCount: Int) {
        let alignment = ParameterTable.elementAlignment
        let lineCount = (bucket.count + alignment - 1) / alignment
        let edges = (0...rankCount).map { rank in
            min(bucket.lowerBound + rank * lineCount / rankCount * alignment, bucket.upperBound)
        }
        slices = (0..<rankCount).map { edges[$0]..<edges[$0 + 1] }
    }
}
