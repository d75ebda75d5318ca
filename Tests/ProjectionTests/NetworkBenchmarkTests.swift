import Collectives
import Projection
import TestSupport
import Testing
import ThreadRanks

@Suite("Measuring the operations between ranks", .endsHangs)
struct NetworkBenchmarkTests {
    // Guards: every rank takes part in every measurement and gets the same report; each other rank is measured from
    // rank 0, and every operation at each size.
    @Test(arguments: [2, 3, 5])
    func ranksAgree(ranks: Int) throws {
        let reports = try ThreadGroup.run(ranks: ranks) { communicator in
            let report = try NetworkBenchmark(over: communicator, largest: 4096, repeats: 2).run()
            try communicator.finish()
            return report
        }
        let report = reports[0]
        #expect(reports.allSatisfy { $0 == report } && report.ranks == ranks)
        let messages = report.timings.filter { $0.operation == .pingPong }
        #expect(
            messages.map(\.bytes) == Array(repeating: [8, 32, 128, 512, 2048, 4096], count: ranks - 1).flatMap { $0 })
        #expect(Set(messages.compactMap(\.peer)) == Set(1..<ranks))
        for operation in NetworkOperation.allCases {
            #expect(report.timings.contains { $0.operation == operation }, "\(operation)")
        }
        #expect(report.timings.allSatisfy { $0.seconds > 0 })
    }
}
