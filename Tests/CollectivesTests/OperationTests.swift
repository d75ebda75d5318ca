import Collectives
import Tensors
import TestSupport
import Testing

/// What each operation means, on threads; rank-probe holds MPI to the same.
@Suite("Operations", .endsHangs)
struct OperationTests {
    static let rankCounts = [1, 2, 3, 4, 5, 7, 8, 16]

    @Test("bytes of every length, none included, arrive where they belong", arguments: rankCounts)
    func bytes(ranks: Int) throws {
        let sent = (0..<ranks).map { rank in (0..<rank * 3).map { UInt8(truncatingIfNeeded: $0 + 10 * rank) } }
        for root in Set([0, ranks / 2, ranks - 1]) {
            let results = try ThreadGroup.run(ranks: ranks) { communicator in
                let own = sent[communicator.rank]
                return [[try communicator.broadcast(own, from: root)], try communicator.allGather(own)]
            }
            for result in results { #expect(result == [[sent[root]], sent]) }
        }
    }

    @Test("a sum in place changes its region only", arguments: rankCounts)
    func sumInPlace(ranks: Int) throws {
        let results = try ThreadGroup.run(ranks: ranks) { communicator in
            let block = Tensor([6], values: [1, 2, 3, 4, 5, 6])
            try communicator.startSum(ofFloatsIn: MemoryRegion(block, elements: 2..<4)).wait()
            try communicator.startSum(ofFloatsIn: MemoryRegion(block, elements: 3..<3)).wait()
            return block.values
        }
        let expected: [Float] = [1, 2, 3 * Float(ranks), 4 * Float(ranks), 5, 6]
        #expect(results == Array(repeating: expected, count: ranks))
    }

    @Test("two sums of doubles in place, on their way at once, change their regions only", arguments: rankCounts)
    func sumsOfDoublesInPlace(ranks: Int) throws {
        let results = try ThreadGroup.run(ranks: ranks) { communicator in
            let blocks = [AlignedMemory(byteCount: 24), AlignedMemory(byteCount: 24)]
            let values = blocks.map { $0.address.bindMemory(to: Double.self, capacity: 3) }
            for (index, value) in values.enumerated() {
                value.update(from: [0.1 + Double(index), Double(communicator.rank), 7], count: 3)
            }
            let sums = try blocks.map { try communicator.startSum(ofDoublesIn: MemoryRegion($0, byteCount: 16)) }
            for sum in sums.reversed() { try sum.wait() }
            return withExtendedLifetime(blocks) { values.map { Array(UnsafeBufferPointer(start: $0, count: 3)) } }
        }
        let total = Double(ranks * (ranks - 1) / 2)
        for (index, first) in [0.1, 1.1].enumerated() {
            let sum = (0..<ranks).reduce(0.0) { sum, _ in sum + first }
            for values in results { #expect(values[index] == [sum, total, 7]) }
        }
    }

    @Test("sections of uneven length, with gaps between them, are gathered in place", arguments: rankCounts)
    func sections(ranks: Int) throws {
        let results = try ThreadGroup.run(ranks: ranks) { communicator in
            let counts = (0..<ranks).map { $0 % 3 }
            let sections = try RankSections(
                byteCounts: counts.map { $0 * 4 }, offsets: (0..<ranks).map { $0 * 16 }, on: communicator)
            let block = Tensor([ranks * 4])
            block.fill(-1)
            let own = communicator.rank * 4..<communicator.rank * 4 + counts[communicator.rank]
            block.slice(own).fill(Float(communicator.rank))
            try communicator.allGather(in: MemoryRegion(block, elements: 0..<block.count), sections: sections)
            return block.values
        }
        var expected = [Float](repeating: -1, count: ranks * 4)
        for rank in 0..<ranks {
            for element in 0..<rank % 3 { expected[rank * 4 + element] = Float(rank) }
        }
        #expect(results == Array(repeating: expected, count: ranks))
    }

    @Test("all-to-all delivers each pair's bytes; what was sent may change afterwards", arguments: rankCounts)
    func allToAll(ranks: Int) throws {
        let results = try ThreadGroup.run(ranks: ranks) { communicator in
            let sections = try RankSections(byteCounts: (0..<ranks).map { $0 + communicator.rank }, on: communicator)
            let source = MemoryRegion(AlignedMemory(byteCount: sections.extent))
            let target = MemoryRegion(AlignedMemory(byteCount: sections.extent))
            for peer in 0..<ranks {
                (source.address + sections.offset(ofRank: peer)).initializeMemory(
                    as: UInt8.self, repeating: UInt8(truncatingIfNeeded: communicator.rank * 16 + peer),
                    count: sections.byteCount(ofRank: peer))
            }
            let operation = try communicator.startAllToAll(
                from: source, sections: sections, into: target, sections: sections)
            while try !operation.test() {}
            source.address.initializeMemory(as: UInt8.self, repeating: 0, count: source.byteCount)
            try operation.wait()
            return Array(UnsafeRawBufferPointer(start: target.address, count: target.byteCount))
        }
        for (rank, result) in results.enumerated() {
            let expected: [[UInt8]] = (0..<ranks).map { source in
                [UInt8](repeating: UInt8(truncatingIfNeeded: source * 16 + rank), count: source + rank)
            }
            #expect(result == Array(expected.joined()))
        }
    }

    @Test("channels may be used in a different order on each rank", arguments: [2, 3, 5])
    func channels(ranks: Int) throws {
        let results = try ThreadGroup.run(ranks: ranks) { communicator in
            let channels = [try communicator.makeChannel(), try communicator.makeChannel()]
            let blocks = [Tensor([3], values: [1, 1, 1]), Tensor([3], values: [10, 10, 10])]
            let order = communicator.rank % 2 == 0 ? [0, 1] : [1, 0]
            let operations = try order.map {
                try channels[$0].startSum(ofFloatsIn: MemoryRegion(blocks[$0], elements: 0..<3))
            }
            for operation in operations { try operation.wait() }
            try communicator.finish()
            return blocks.map(\.values)
        }
        let expected: [[Float]] = [1, 10].map { Array(repeating: $0 * Float(ranks), count: 3) }
        #expect(results == Array(repeating: expected, count: ranks))
    }

    @Test("a message longer than expected is an error, not an overrun")
    func lengthsMustAgree() {
        let error = #expect(throws: CommunicationError.self) {
            try ThreadGroup.run(ranks: 2) { communicator in
                let length = communicator.rank == 0 ? 4 : 8
                let sections = try RankSections(byteCounts: [length, length], on: communicator)
                let block = MemoryRegion(AlignedMemory(byteCount: 16))
                try communicator.allGather(in: block, sections: sections)
            }
        }
        #expect(error?.reason.contains("bytes where") == true)
    }
}
