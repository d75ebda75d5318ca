import Collectives
import Tensors
import Testing

@Suite("A single rank")
struct SoloCommunicatorTests {
    @Test("gets back what it gives, without a transport")
    func identity() throws {
        let solo: any Communicator = SoloCommunicator()
        #expect((solo.rank, solo.size) == (0, 1))
        #expect(!solo.hostName.isEmpty)
        #expect(try solo.broadcast([1, 2], from: 0) == [1, 2])
        #expect(try solo.allGather([3]) == [[3]])
        let block = Tensor([2], values: [1, 2])
        let operation = try solo.makeChannel().startSum(ofFloatsIn: MemoryRegion(block, elements: 0..<2))
        #expect(try operation.test())
        try operation.wait()
        try solo.startSum(ofDoublesIn: MemoryRegion(block, elements: 0..<2)).wait()
        #expect(block.values == [1, 2])
        try solo.barrier()
        try solo.finish()
    }

    @Test("sends to itself")
    func sendsToItself() throws {
        let solo = SoloCommunicator()
        let (source, target) = (Tensor([4], values: [1, 2, 3, 4]), Tensor([4]))
        let sent = try RankSections(byteCounts: [8], offsets: [4], on: solo)
        let received = try RankSections(byteCounts: [8], on: solo)
        try solo.startAllToAll(
            from: MemoryRegion(source, elements: 0..<4), sections: sent,
            into: MemoryRegion(target, elements: 0..<4), sections: received
        ).wait()
        #expect(target.values == [2, 3, 0, 0])
    }
}
