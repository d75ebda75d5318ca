import Collectives
import Kernels
import Reports
import Tensors

/// What the cores of one rank do while those of all others do the same.
package struct RankSpeed: Codable, Sendable, Equatable {
    /// Operations per second of a thread, the mean of the rank's; a multiply-add counts as two.
    package let operations: Spread
    /// Bytes per second of a thread that streams through memory, the mean of the rank's.
    package let bytes: Spread

    /// These rates.
    package init(operations: Spread, bytes: Spread) {
        self.operations = operations
        self.bytes = bytes
    }

    private static let repetitions = 7
    /// Rounds of two or three milliseconds: together longer than the time slices of another program on the core.
    private static let roundsPerRepetition = 25

    /// Measures every rank at the same time; every rank calls it. Takes about half a second where nothing is wrong.
    ///
    /// - Parameters:
    ///   - threads: the threads of this rank.
    ///   - bytes: the memory that each thread may stream through, which should be more than its share of the caches.
    package static func measure(threads: Int, bytes: Int, over communicator: any Communicator) throws -> [RankSpeed] {
        let count = max(1, bytes / (3 * MemoryLayout<Float>.stride))
        let (pool, triads) = try RankAgreement(communicator).together {
            let pool = try WorkerPool(threads)
            try SystemMemory.require(threads * bytes + SystemMemory.reserve)
            return (pool, try makeTriads(pool, count: count))
        }
        communicator.activity.note("measuring arithmetic")
        try communicator.barrier()
        // The first repetition wakes the cores up.
        let operations = means(pool, count: repetitions) { _ in
            (0...repetitions).map { _ in PeakArithmetic.measure(rounds: roundsPerRepetition).meanOperationsPerSecond }
                .suffix(repetitions)
        }
        communicator.activity.note("measuring memory")
        try communicator.barrier()
        let rates = means(pool, count: repetitions) { triads[$0.index].rates(passes: repetitions)[...] }
        let own = RankSpeed(operations: Spread(operations), bytes: Spread(rates))
        return try communicator.allGather(value: own)
    }

    /// The arrays of each worker, which it makes itself, so that they lie near its core.
    private static func makeTriads(_ pool: WorkerPool, count: Int) throws(ResourceError) -> [MemoryTriad] {
        var made = [Result<MemoryTriad, ResourceError>?](repeating: nil, count: pool.count)
        made.withUnsafeMutableBufferPointer { made in
            pool.run { share in
                made[share.index] = Result { () throws(ResourceError) in try MemoryTriad(count: count) }
            }
        }
        return try made.map { result throws(ResourceError) in try result!.get() }
    }

    /// Lets every worker take `count` samples and returns their means over the workers.
    private static func means(
        _ pool: WorkerPool, count: Int, _ samples: (WorkShare) -> ArraySlice<Double>
    ) -> [Double] {
        withoutActuallyEscaping(samples) { samples in
            let table = UnsafeMutableBufferPointer<Double>.allocate(capacity: pool.count * count)
            defer { table.deallocate() }
            pool.run { share in
                for (column, sample) in samples(share).enumerated() {
                    table[column * pool.count + share.index] = sample
                }
            }
            return (0..<count).map { column in
                table[column * pool.count..<(column + 1) * pool.count].reduce(0, +) / Double(pool.count)
            }
        }
    }
}
