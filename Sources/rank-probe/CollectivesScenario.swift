import Collectives
import Tensors

/// Every operation of a communicator, checked on every rank against what the definition says.
struct CollectivesScenario {
    let communicator: any Communicator

    private var rank: Int { communicator.rank }
    private var size: Int { communicator.size }

    func run() throws -> String {
        for root in 0..<size { try checkBytes(root: root) }
        try checkSums()
        try checkSections()
        try checkAllToAll()
        try checkChannels()
        try communicator.barrier()
        return "collectives agree on \(size) ranks"
    }

    /// `length(rank)` bytes that no other rank sends; rank 0 sends none.
    private func bytes(of rank: Int) -> [UInt8] {
        (0..<rank * 1000).map { UInt8(truncatingIfNeeded: $0 * 7 + rank) }
    }

    private func checkBytes(root: Int) throws {
        let all = (0..<size).map(bytes(of:))
        try ProbeFailure.require(
            try communicator.broadcast(bytes(of: rank), from: root), equals: all[root], "broadcast from \(root)")
        try ProbeFailure.require(try communicator.allGather(bytes(of: rank)), equals: all, "all-gather")
    }

    private func checkSums() throws {
        let ranks = size * (size - 1) / 2
        let floats = Tensor([1000], values: (0..<1000).map { Float($0 * (rank + 1)) })
        try communicator.startSum(ofFloatsIn: MemoryRegion(floats, elements: 100..<900)).wait()
        let expected = (0..<1000).map { Float((100..<900).contains($0) ? $0 * (ranks + size) : $0 * (rank + 1)) }
        try ProbeFailure.require(floats.values, equals: expected, "the sum of floats")
        try communicator.startSum(ofFloatsIn: MemoryRegion(floats, elements: 0..<0)).wait()
        try ProbeFailure.require(floats.values, equals: expected, "the sum of nothing")
        let memory = AlignedMemory(byteCount: 24)
        let values = [Double(rank) / 4, 0.5, 7]
        values.withUnsafeBytes { memory.address.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        try communicator.startSum(ofDoublesIn: MemoryRegion(memory, byteCount: 16)).wait()
        try ProbeFailure.require(
            Array(UnsafeRawBufferPointer(start: memory.address, count: 24).bindMemory(to: Double.self)),
            equals: [Double(ranks) / 4, Double(size) / 2, 7],
            "the sum of doubles")
    }

    /// Rank r holds r floats equal to r in its section.
    private func checkSections() throws {
        let counts = Array(0..<size)
        let total = counts.reduce(0, +)
        let expected = counts.flatMap { Array(repeating: Float($0), count: $0) }
        let sections = try RankSections(byteCounts: counts.map { $0 * 4 }, on: communicator)
        for waits in [true, false] {
            let block = Tensor([max(total, 1)])
            block.slice(sections.offset(ofRank: rank) / 4..<sections.offset(ofRank: rank) / 4 + rank).fill(Float(rank))
            let region = MemoryRegion(block, elements: 0..<total)
            if waits {
                try communicator.allGather(in: region, sections: sections)
            } else {
                let operation = try communicator.startAllGather(in: region, sections: sections)
                while try !operation.test() {}
                try ProbeFailure.require(try operation.test(), equals: true, "a finished operation")
            }
            try ProbeFailure.require(Array(block.values.prefix(total)), equals: expected, "sections")
        }
    }

    /// Rank r sends rank q r + q + 1 bytes of value 16 r + q.
    private func checkAllToAll() throws {
        let lengths = (0..<size).map { rank + $0 + 1 }
        let sections = try RankSections(byteCounts: lengths, on: communicator)
        let source = MemoryRegion(AlignedMemory(byteCount: sections.extent))
        let target = MemoryRegion(AlignedMemory(byteCount: sections.extent))
        for peer in 0..<size {
            let start = source.address + sections.offset(ofRank: peer)
            start.initializeMemory(as: UInt8.self, repeating: UInt8(16 * rank + peer), count: lengths[peer])
        }
        try communicator.startAllToAll(from: source, sections: sections, into: target, sections: sections).wait()
        let expected = (0..<size).flatMap { Array(repeating: UInt8(16 * $0 + rank), count: lengths[$0]) }
        let found = Array(UnsafeRawBufferPointer(start: target.address, count: target.byteCount))
        try ProbeFailure.require(found, equals: expected, "all-to-all")
    }

    /// Operations on two channels, started in a different order on even and odd ranks.
    private func checkChannels() throws {
        let channels = [try communicator.makeChannel(), try communicator.makeChannel()]
        let blocks = [Tensor([5], values: [1, 1, 1, 1, 1]), Tensor([7], values: [2, 2, 2, 2, 2, 2, 2])]
        let order = rank % 2 == 0 ? [0, 1] : [1, 0]
        let operations = try order.map {
            try channels[$0].startSum(ofFloatsIn: MemoryRegion(blocks[$0], elements: 0..<blocks[$0].count))
        }
        for operation in operations.reversed() { try operation.wait() }
        for (index, block) in blocks.enumerated() {
            let expected = [Float](repeating: Float((index + 1) * size), count: block.count)
            try ProbeFailure.require(block.values, equals: expected, "channel \(index)")
        }
        for channel in channels { try channel.finish() }
    }
}
