import Collectives
import Tensors

/// Small sums of `Double` in tree order: the partial sums of all ranks are gathered everywhere, and every rank adds them
/// up in the same order. Buffers are kept for each width.
final class OrderedSums {
    private struct Layout {
        let block: MemoryRegion
        let sections: RankSections
        let ownRows: UnsafeMutablePointer<Double>
    }

    private let communicator: any Communicator
    private let tree: GranuleTree
    private let subtreeCounts: [Int]
    private var layouts: [Int: Layout] = [:]

    /// Sums over the subtrees of all ranks of `plan`.
    init(communicator: any Communicator, plan: GranulePlan, tree: GranuleTree) {
        self.communicator = communicator
        self.tree = tree
        subtreeCounts = plan.subtreesByRank.map(\.count)
    }

    /// The `width` sums of `partials`, this rank's subtrees × `width`.
    func sum(_ partials: [Double], width: Int) throws(CommunicationError) -> [Double] {
        let ownCount = subtreeCounts[communicator.rank]
        precondition(partials.count == ownCount * width, "\(partials.count) partial sums, not \(ownCount)×\(width)")
        let layout = try layout(width: width)
        partials.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { layout.ownRows.update(from: base, count: source.count) }
        }
        try communicator.allGather(in: layout.block, sections: layout.sections)
        let rows = layout.block.address.assumingMemoryBound(to: Double.self)
        tree.combine(rows, width: width)
        return Array(UnsafeBufferPointer(start: rows, count: width))
    }

    private func layout(width: Int) throws(CommunicationError) -> Layout {
        if let known = layouts[width] { return known }
        let rowSize = width * MemoryLayout<Double>.stride
        let sections = try RankSections(byteCounts: subtreeCounts.map { $0 * rowSize }, on: communicator)
        let block = MemoryRegion(AlignedMemory(byteCount: sections.extent))
        let ownRows = block.address + sections.offset(ofRank: communicator.rank)
        let layout = Layout(
            block: block, sections: sections, ownRows: ownRows.assumingMemoryBound(to: Double.self))
        layouts[width] = layout
        return layout
    }
}
