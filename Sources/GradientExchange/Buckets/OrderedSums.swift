import Collectives
import Granules
import Tensors

/// Small sums of `Double` in tree order: the partial sums of all ranks are gathered everywhere, and every rank adds them
/// up in the same order. Buffers are kept for each width, as many as were ever on their way at once.
final class OrderedSums {
    private struct Layout {
        let block: MemoryRegion
        let sections: RankSections
        let ownRows: UnsafeMutablePointer<Double>
    }

    private let communicator: any Communicator
    private let order: SummationOrder
    private let subtreeCounts: [Int]
    private var freeLayouts: [Int: [Layout]] = [:]

    /// Sums over the subtrees of all ranks of `plan`.
    init(communicator: any Communicator, plan: GranulePlan, order: SummationOrder) {
        self.communicator = communicator
        self.order = order
        subtreeCounts = plan.subtreesByRank.map(\.count)
    }

    /// Starts the `width` sums of `partials`, this rank's subtrees × `width`; what it returns waits for them.
    func start(
        _ partials: [Double], width: Int
    ) throws(CommunicationError) -> () throws(CommunicationError) -> [Double] {
        let ownCount = subtreeCounts[communicator.rank]
        precondition(partials.count == ownCount * width, "\(partials.count) partial sums, not \(ownCount)×\(width)")
        let layout = try takeLayout(width: width)
        partials.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { layout.ownRows.update(from: base, count: source.count) }
        }
        let operation = try communicator.startAllGather(in: layout.block, sections: layout.sections)
        return { [self] () throws(CommunicationError) in
            try operation.wait()
            let rows = layout.block.address.assumingMemoryBound(to: Double.self)
            order.sum(rows, width: width)
            freeLayouts[width, default: []].append(layout)
            return Array(UnsafeBufferPointer(start: rows, count: width))
        }
    }

    private func takeLayout(width: Int) throws(CommunicationError) -> Layout {
        if let free = freeLayouts[width]?.popLast() { return free }
        let rowSize = width * MemoryLayout<Double>.stride
        let sections = try RankSections(byteCounts: subtreeCounts.map { $0 * rowSize }, on: communicator)
        let block = MemoryRegion(AlignedMemory(byteCount: sections.extent))
        let ownRows = block.address + sections.offset(ofRank: communicator.rank)
        return Layout(
            block: block, sections: sections, ownRows: ownRows.assumingMemoryBound(to: Double.self))
    }
}
