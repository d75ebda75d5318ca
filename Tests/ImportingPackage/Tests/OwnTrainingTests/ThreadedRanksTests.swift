import LockstepTraining
import Testing
import ThreadRanks

// Guards: a package of one's own tests itself on any number of ranks, as threads, without MPI's launcher.
@Test(arguments: [1, 2, 5]) func everyRankGetsTheSum(ranks: Int) throws {
    let sums = try ThreadGroup.run(ranks: ranks) { communicator in
        let value = Tensor([1], values: [Float(communicator.rank + 1)])
        try communicator.startSum(ofFloatsIn: MemoryRegion(value, elements: 0..<1)).wait()
        return value.values
    }
    #expect(sums == Array(repeating: [Float(ranks * (ranks + 1) / 2)], count: ranks))
}
