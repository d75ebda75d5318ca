import Synchronization
import Tensors
import Testing

@Suite("Work is shared out statically")
struct WorkerPoolTests {
    // Guards: every element belongs to exactly one worker, in order, and parts begin at whole steps.
    @Test(arguments: [1, 2, 3, 5, 8], [0, 1, 7, 16, 1000])
    func sharesPartition(workers: Int, total: Int) {
        for step in [1, 16] {
            let ranges = (0..<workers).map { WorkShare($0, of: workers).range(of: total, step: step) }
            #expect(ranges.flatMap { Array($0) } == Array(0..<total))
            let starts = ranges.map(\.lowerBound)
            #expect(starts.filter { $0 % step != 0 && $0 != total }.isEmpty)
        }
    }

    // Guards: each run calls the body once in every worker and returns only when all are done, run after run, also
    // after the workers have gone to sleep.
    @Test(arguments: [1, 2, 3, 5])
    func runsEveryWorkerOnce(workers: Int) throws {
        let pool = try WorkerPool(workers)
        let counts = (0..<workers).map { _ in Counter() }
        for round in 1...300 {
            pool.run { counts[$0.index].value.add(1, ordering: .relaxed) }
            let seen = counts.map { $0.value.load(ordering: .relaxed) }
            #expect(seen == Array(repeating: round, count: workers))
        }
    }

    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
    }
}
