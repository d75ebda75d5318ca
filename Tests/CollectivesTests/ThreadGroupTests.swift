import Collectives
import Foundation
import TestSupport
import Testing

/// A failure made on purpose.
private struct Deliberate: Error {}

@Suite("A group of threads", .endsHangs)
struct ThreadGroupTests {
    @Test("returns the results in rank order, whichever rank ends first", arguments: [1, 2, 3, 5, 8])
    func resultsInRankOrder(ranks: Int) throws {
        let results = try ThreadGroup.run(ranks: ranks) { communicator in
            Thread.sleep(forTimeInterval: Double(communicator.size - communicator.rank) * 0.002)
            return [communicator.rank, communicator.size]
        }
        #expect(results == (0..<ranks).map { [$0, ranks] })
    }

    @Test("lets no rank past a barrier before all have arrived", arguments: [2, 3, 5])
    func barrierHoldsEveryone(ranks: Int) throws {
        let arrivals = Arrivals()
        let seen = try ThreadGroup.run(ranks: ranks) { communicator in
            Thread.sleep(forTimeInterval: Double(communicator.rank) * 0.005)
            arrivals.add()
            try communicator.barrier()
            return arrivals.count
        }
        #expect(seen == Array(repeating: ranks, count: ranks))
    }

    @Test("throws the first rank's own error and releases the others, whatever they wait in", arguments: [2, 3, 5])
    func errorReleasesEveryone(ranks: Int) throws {
        let waits: [@Sendable (any Communicator) throws -> Void] = [
            { try $0.barrier() },
            { _ = try $0.allGather([1]) },
            { _ = try $0.broadcast([], from: 1) },
            { try $0.startSum(ofFloatsIn: MemoryRegion(.init([4]), elements: 0..<4)).wait() },
            { communicator in
                let operation = try communicator.startSum(ofFloatsIn: MemoryRegion(.init([4]), elements: 0..<4))
                while try !operation.test() {}
            },
        ]
        for wait in waits {
            let released = Arrivals()
            #expect(throws: Deliberate.self) {
                try ThreadGroup.run(ranks: ranks) { communicator in
                    if communicator.rank == 1 { throw Deliberate() }
                    do {
                        try wait(communicator)
                    } catch let error as CommunicationError {
                        if error.reason.contains("rank 1 ended with an error") { released.add() }
                        throw error
                    }
                }
            }
            #expect(released.count == ranks - 1)
        }
    }

    @Test("tells a rank that it waits for one that has returned")
    func returnedRankIsNamed() {
        let error = #expect(throws: CommunicationError.self) {
            try ThreadGroup.run(ranks: 3) { communicator in
                if communicator.rank != 2 { try communicator.barrier() }
            }
        }
        #expect(error?.reason == "rank 2 has returned without taking part")
        #expect(error?.operation == .barrier)
    }

    @Test("does not let different operations match")
    func differentOperationsAreNamed() {
        let error = #expect(throws: CommunicationError.self) {
            try ThreadGroup.run(ranks: 2) { communicator in
                let block = MemoryRegion(.init([5]), elements: 0..<(communicator.rank == 0 ? 5 : 4))
                try communicator.startSum(ofFloatsIn: block).wait()
            }
        }
        #expect(error?.reason.contains("is in the sum of") == true)
        #expect(error?.reason.contains("at the same time") == true)
    }

    @Test("refuses to finish while an operation is unfinished")
    func unfinishedOperationIsFound() {
        let error = #expect(throws: CommunicationError.self) {
            try ThreadGroup.run(ranks: 2) { communicator in
                let channel = try communicator.makeChannel()
                _ = try channel.startSum(ofFloatsIn: MemoryRegion(.init([4]), elements: 0..<4))
                try communicator.finish()
            }
        }
        #expect(error?.operation == .finish)
        #expect(error?.reason == "started operations were never finished (1 of them)")
    }

    @Test("releases the others when one rank aborts")
    func abortReleasesEveryone() {
        let error = #expect(throws: CommunicationError.self) {
            try ThreadGroup.run(ranks: 3) { communicator in
                if communicator.rank == 0 {
                    communicator.abort(exitCode: 7)
                } else {
                    try communicator.barrier()
                }
            }
        }
        #expect(error?.reason == "rank 0 ended the job with exit code 7")
    }
}

/// Counts events of several threads.
private final class Arrivals: @unchecked Sendable {
    private let lock = NSLock()
    private var total = 0

    var count: Int { lock.withLock { total } }

    func add() { lock.withLock { total += 1 } }
}
