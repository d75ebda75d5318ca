import Collectives
import Tensors
import Testing

@Suite("What ranks do together, with threads for ranks")
struct CollectiveTests {
    /// Bytes that no other rank sends; rank 0 sends none.
    private static func bytes(of rank: Int) -> [UInt8] {
        (0..<rank * 100).map { UInt8(truncatingIfNeeded: $0 * 7 + rank) }
    }

    // Guards: messages of different lengths, empty ones among them, arrive whole and in rank order.
    @Test(arguments: [1, 2, 3, 4, 5, 8])
    func bytesArriveInRankOrder(ranks: Int) throws {
        let all = (0..<ranks).map(Self.bytes)
        let results = try ThreadGroup.run(ranks: ranks) { communicator in
            let own = Self.bytes(of: communicator.rank)
            let root = communicator.size - 1
            return (
                try communicator.allGather(own), try communicator.broadcast(own, from: root),
                try communicator.gather(own, to: root)
            )
        }
        for (rank, result) in results.enumerated() {
            #expect(result.0 == all)
            #expect(result.1 == all[ranks - 1])
            #expect(result.2 == (rank == ranks - 1 ? all : []))
        }
    }

    // Guards: sums of integers are exact and the same everywhere, those of doubles and floats too where they are exact.
    @Test(arguments: [1, 2, 3, 5])
    func sumsAreRight(ranks: Int) throws {
        let total = ranks * (ranks + 1) / 2
        let results = try ThreadGroup.run(ranks: ranks) { communicator in
            let own = communicator.rank + 1
            let floats = Tensor([40])
            floats.fill(Float(own))
            try communicator.startSum(ofFloatsIn: MemoryRegion(floats, elements: 10..<30)).wait()
            return (
                try communicator.sum([Int64(own), 1 << 60, -1]), try communicator.sum([Double(own) / 8]), floats.values,
                own
            )
        }
        for result in results {
            #expect(result.0 == [Int64(total), Int64(ranks) &* (1 << 60), Int64(-ranks)])
            #expect(result.1 == [Double(total) / 8])
            #expect(
                result.2 == (0..<40).map { Float((10..<30).contains($0) ? total : result.3) },
                "only the region is summed")
        }
    }

    // Guards: an all-to-all brings section r of every rank to rank r, for sections of unlike sizes.
    @Test(arguments: [1, 2, 3, 5])
    func allToAllTransposes(ranks: Int) throws {
        let results = try ThreadGroup.run(ranks: ranks) { communicator in
            let (rank, size) = (communicator.rank, communicator.size)
            // Rank r sends r + s + 1 floats to rank s.
            let sent = (0..<size).map { rank + $0 + 1 }
            let source = Tensor(
                [sent.reduce(0, +)],
                values: sent.enumerated().flatMap { target, count in
                    (0..<count).map { Float(rank * 10_000 + target * 100 + $0) }
                })
            let target = Tensor([source.count])
            try communicator.startAllToAll(
                from: MemoryRegion(source, elements: 0..<source.count),
                sections: RankSections(byteCounts: sent.map { $0 * 4 }, on: communicator),
                into: MemoryRegion(target, elements: 0..<target.count),
                sections: RankSections(byteCounts: sent.map { $0 * 4 }, on: communicator)
            ).wait()
            return target.values
        }
        for (rank, values) in results.enumerated() {
            let expected = (0..<ranks).flatMap { source in
                (0..<source + rank + 1).map { Float(source * 10_000 + rank * 100 + $0) }
            }
            #expect(values == expected)
        }
    }

    // Guards: a rank that fails releases the others, whatever they wait for, and its own error is what is reported.
    @Test(.timeLimit(.minutes(1)), arguments: [2, 3, 5])
    func aFailingRankReleasesTheOthers(ranks: Int) {
        struct Failure: Error {}
        #expect(throws: Failure.self) {
            try ThreadGroup.run(ranks: ranks) { communicator in
                if communicator.rank == 1 { throw Failure() }
                try communicator.barrier()
            }
        }
    }

    // Guards: ranks that call different operations get an error instead of each other's messages.
    @Test(.timeLimit(.minutes(1))) func disagreementIsAnError() {
        #expect(throws: CommunicationError.self) {
            try ThreadGroup.run(ranks: 2) { communicator in
                if communicator.rank == 0 { try communicator.barrier() } else { _ = try communicator.sum([Int64(1)]) }
            }
        }
    }

    // Guards: a single rank behaves as a group of one.
    @Test func soloIsAGroupOfOne() throws {
        let solo: any Communicator = SoloCommunicator()
        #expect(solo.rank == 0 && solo.size == 1)
        #expect(try solo.allGather([1, 2]) == [[1, 2]])
        #expect(try solo.broadcast([3], from: 0) == [3])
        #expect(try solo.sum([Int64(5)]) == [5])
        try solo.barrier()
        try solo.finish()
    }
}
