import Collectives
import Failures
import Reports
import Tensors

/// How long one operation of all ranks takes until the last of them has its result.
package struct ExchangeTiming: Codable, Sendable, Equatable {
    /// `allreduce` or `allgather`.
    package let operation: String
    /// The bytes that every rank holds afterwards.
    package let bytes: Int
    /// Seconds of one operation.
    package let seconds: Spread

    /// So much time.
    package init(operation: String, bytes: Int, seconds: Spread) {
        self.operation = operation
        self.bytes = bytes
        self.seconds = seconds
    }

    /// A message whose time is all latency, and one whose time is all bandwidth.
    private static let sizes = [2 << 10, 8 << 20]
    private static let repetitions = 7

    /// Measures the sum of floats and the gathering of sections of 2 KB and 8 MB; every rank calls it. Nothing is
    /// measured with a single rank, which exchanges nothing.
    ///
    /// - Throws: `CommunicationError`; `RunFailure` when what arrives is not what was sent.
    package static func measure(over communicator: any Communicator) throws -> [ExchangeTiming] {
        guard communicator.size > 1 else { return [] }
        return try sizes.flatMap { size in
            // Many small operations in a row, of which each is too short for a clock.
            let turns = size > 1 << 20 ? 1 : 20
            return [
                try allReduce(bytes: size, turns: turns, communicator),
                try allGather(bytes: size, turns: turns, communicator),
            ]
        }
    }

    private static func allReduce(
        bytes: Int, turns: Int, _ communicator: any Communicator
    ) throws -> ExchangeTiming {
        let values = try Tensor(allocating: [bytes / MemoryLayout<Float>.stride])
        let region = MemoryRegion(values, elements: 0..<values.count)
        values.fill(1)
        try communicator.startSum(ofFloatsIn: region).wait()
        guard values.elements.allSatisfy({ $0 == Float(communicator.size) }) else {
            throw wrongResult("sum", communicator)
        }
        // Zeros stay finite however often they are summed.
        values.fill(0)
        return try time("allreduce", bytes, turns, communicator) {
            try communicator.startSum(ofFloatsIn: region).wait()
        }
    }

    private static func allGather(
        bytes: Int, turns: Int, _ communicator: any Communicator
    ) throws -> ExchangeTiming {
        let section = max(1, bytes / communicator.size)
        let memory = try AlignedMemory(allocating: section * communicator.size)
        let sections = try RankSections(
            byteCounts: Array(repeating: section, count: communicator.size), on: communicator)
        let mark = { (rank: Int) in UInt8(truncatingIfNeeded: rank + 1) }
        let bytes = UnsafeMutableRawBufferPointer(start: memory.address, count: memory.byteCount)
        for index in 0..<section { bytes[communicator.rank * section + index] = mark(communicator.rank) }
        try communicator.allGather(in: MemoryRegion(memory), sections: sections)
        guard bytes.indices.allSatisfy({ bytes[$0] == mark($0 / section) }) else {
            throw wrongResult("gathered bytes", communicator)
        }
        return try time("allgather", memory.byteCount, turns, communicator) {
            try communicator.allGather(in: MemoryRegion(memory), sections: sections)
        }
    }

    /// The time of the rank that takes longest counts, in each repetition.
    private static func time(
        _ operation: String, _ bytes: Int, _ turns: Int, _ communicator: any Communicator, _ exchange: () throws -> Void
    ) throws -> ExchangeTiming {
        communicator.activity.note("measuring an \(operation) of \(bytes) bytes")
        var own: [Double] = []
        for _ in 0..<repetitions {
            try communicator.barrier()
            let start = MonotonicClock.seconds
            for _ in 0..<turns { try exchange() }
            own.append((MonotonicClock.seconds - start) / Double(turns))
        }
        let all = try communicator.allGather(value: own)
        let slowest = (0..<repetitions).map { repetition in all.reduce(0) { max($0, $1[repetition]) } }
        return ExchangeTiming(operation: operation, bytes: bytes, seconds: Spread(slowest))
    }

    private static func wrongResult(_ what: String, _ communicator: any Communicator) -> RunFailure {
        RunFailure(
            .communication,
            "The \(what) of \(communicator.size) ranks arrived changed: the network or the memory of some host damages "
                + "data. Run this on fewer hosts at a time to find it.")
    }
}
