import Collectives
import Tensors

/// One bucket of the ordered reduction. Every rank sends the owner of each slice its partial sums of that slice, one for
/// each of its subtrees; the owner adds them in tree order; the finished slices are gathered back.
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
    private static let elementSize = MemoryLayout<Float>.stride
    private var operation: (any StartedOperation)?

    /// Prepares buffers and orders for `bucket` of `blocks`, this rank's partial sums, one block a subtree.
    init(
        bucket: Range<Int>, blocks: [Tensor], plan: GranulePlan, tree: GranuleTree, communicator: any Communicator
    ) throws(CommunicationError) {
        let slices = BucketSlices(bucket: bucket, rankCount: communicator.size).slices
        let rank = communicator.rank
        let subtreeCounts = plan.subtreesByRank.map(\.count)
        let sentCounts = slices.indices.map { $0 == rank ? 0 : slices[$0].count * blocks.count * Self.elementSize }
        let receivedCounts = slices.indices.map {
            $0 == rank ? 0 : slices[rank].count * subtreeCounts[$0] * Self.elementSize
        }
        self.slices = slices
        self.rank = rank
        self.blocks = blocks
        if blocks.count == 1 {
            // A single subtree is sent from where it lies.
            sending = MemoryRegion(blocks[0], elements: bucket)
            sendingSections = try RankSections(
                byteCounts: sentCounts, offsets: slices.map { ($0.lowerBound - bucket.lowerBound) * Self.elementSize },
                on: communicator)
        } else {
            sendingSections = try RankSections(byteCounts: sentCounts, on: communicator)
            sending = MemoryRegion(AlignedMemory(byteCount: sendingSections.extent))
        }
        receivingSections = try RankSections(byteCounts: receivedCounts, on: communicator)
        receiving = MemoryRegion(AlignedMemory(byteCount: receivingSections.extent))
        gathered = MemoryRegion(blocks[0], elements: bucket)
        gatheredSections = try RankSections(byteCounts: slices.map { $0.count * Self.elementSize }, on: communicator)

        let rows = Self.rows(
            of: slices[rank], ownBlocks: blocks, rank: rank, subtreeCounts: subtreeCounts, receiving: receiving,
            sections: receivingSections)
        sum = RowSum(
            tree: tree, rows: rows, total: blocks[0].pointer + slices[rank].lowerBound, count: slices[rank].count)
    }

    /// Starts sending the partial sums to their owners.
    func startScatter(on channel: any Communicator) throws(CommunicationError) {
        if blocks.count > 1 { pack() }
        operation = try channel.startAllToAll(
            from: sending, sections: sendingSections, into: receiving, sections: receivingSections)
    }

    /// Adds this rank's slice, once the partial sums of all ranks are here, and starts gathering the slices.
    func startGather(on channel: any Communicator) throws(CommunicationError) {
        sum.evaluate()
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

    /// The rows of one slice, subtree by subtree from left to right over all ranks: this rank's own where they lie,
    /// the others' where they are received as [source][subtree][element].
    private static func rows(
        of slice: Range<Int>, ownBlocks: [Tensor], rank: Int, subtreeCounts: [Int], receiving: MemoryRegion,
        sections: RankSections
    ) -> [UnsafeMutablePointer<Float>] {
        subtreeCounts.indices.flatMap { source in
            if source == rank { return ownBlocks.map { $0.pointer + slice.lowerBound } }
            let start = receiving.address + sections.offset(ofRank: source)
            let floats = start.assumingMemoryBound(to: Float.self)
            return (0..<subtreeCounts[source]).map { floats + $0 * slice.count }
        }
    }

    /// Lays out what is sent as [owner][subtree][element].
    private func pack() {
        for owner in slices.indices where owner != rank {
            let slice = slices[owner]
            var target = sending.address + sendingSections.offset(ofRank: owner)
            let byteCount = slice.count * Self.elementSize
            for block in blocks {
                target.copyMemory(from: block.pointer + slice.lowerBound, byteCount: byteCount)
                target += byteCount
            }
        }
    }
}
