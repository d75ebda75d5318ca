import Reports
import Collectives
import Hosts
import Measurements
import Testing
import Training
import ThreadRanks

@Suite("Measuring the ranks of a job", .serialized)
struct JobMeasurementTests {
    // Guards: every rank gets the speeds of all, numbers to divide by, whatever the ranks and threads.
    @Test(arguments: [(1, 2), (3, 1)])
    func everyRankIsMeasured(ranks: Int, threads: Int) throws {
        let seen = try ThreadGroup.run(ranks: ranks) {
            try RankSpeed.measure(threads: threads, bytes: 3 << 20, over: $0)
        }
        for speeds in seen {
            #expect(speeds == seen[0] && speeds.count == ranks)
            for spread in speeds.flatMap({ [$0.operations, $0.bytes] }) {
                #expect(spread.minimum > 0 && spread.minimum <= spread.median && spread.median.isFinite)
            }
        }
    }

    // Guards: both operations are timed for a small and a large message; one rank exchanges nothing.
    @Test(arguments: [1, 2, 3, 5])
    func exchangesAreTimed(ranks: Int) throws {
        let seen = try ThreadGroup.run(ranks: ranks) { try ExchangeTiming.measure(over: $0) }
        for timings in seen {
            #expect(timings == seen[0])
            #expect(
                timings.map(\.operation)
                    == (ranks == 1 ? [] : ["allreduce", "allgather", "allreduce", "allgather"]))
            #expect(timings.allSatisfy { $0.seconds.minimum > 0 && $0.seconds.minimum <= $0.seconds.median })
        }
    }

    // Guards: a spread is the smallest and the middle value.
    @Test func spread() {
        #expect(Spread([3, 1, 2]) == Spread(minimum: 1, median: 2))
        #expect(Spread([4, 1]) == Spread(minimum: 1, median: 2.5))
    }
}
