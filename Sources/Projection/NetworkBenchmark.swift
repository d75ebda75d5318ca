import Collectives
import Foundation
import Reports
import Tensors

/// Measures the operations of training between the ranks of a job, over sizes that grow fourfold.
package struct NetworkBenchmark {
    private let communicator: any Communicator
    private let sizes: [Int]
    private let repeats: Int

    /// The smallest message in bytes.
    package static let smallest = 8

    /// A benchmark of at least two ranks, up to messages of `largest` bytes.
    package init(over communicator: any Communicator, largest: Int, repeats: Int) {
        precondition(communicator.size > 1 && repeats > 0 && largest > Self.smallest, "nothing to measure")
        self.communicator = communicator
        self.repeats = repeats
        var sizes = Array(
            sequence(first: Self.smallest) { $0 * 4 < largest ? $0 * 4 : nil })
        // Sums are of whole floats.
        sizes.append(largest / 4 * 4)
        self.sizes = sizes
    }

    /// Measures everything; every rank calls it and gets the same report.
    ///
    /// - Throws: `CommunicationError`; `ProjectionError` when no line fits.
    package func run() throws -> NetworkReport {
        let hosts = try communicator.allGather(Array(communicator.hostName.utf8)).map {
            String(decoding: $0, as: UTF8.self)
        }
        var timings: [NetworkTiming] = []
        for peer in 1..<communicator.size {
            for size in sizes { timings.append(try pingPong(with: peer, bytes: size)) }
        }
        for operation in NetworkOperation.allCases where operation != .pingPong {
            var known: Set<Int> = []
            for size in sizes {
                let bytes = operation.bytes(near: size, ranks: communicator.size)
                if known.insert(bytes).inserted { timings.append(try sweep(operation, bytes: bytes)) }
            }
        }
        return try NetworkReport(hosts: hosts, timings: timings)
    }

    /// A message there and back: two all-to-alls in which all other sections are empty, so that nothing else is sent.
    private func pingPong(with peer: Int, bytes: Int) throws -> NetworkTiming {
        let region = MemoryRegion(try AlignedMemory(allocating: bytes))
        let target = MemoryRegion(try AlignedMemory(allocating: bytes))
        func sections(full rank: Int?) throws -> RankSections {
            try RankSections(
                byteCounts: (0..<communicator.size).map { $0 == rank ? bytes : 0 }, on: communicator)
        }
        let (none, first, other) = (try sections(full: nil), try sections(full: 0), try sections(full: peer))
        func send(from source: Int, to sink: Int) throws {
            let outgoing = communicator.rank == source ? (sink == 0 ? first : other) : none
            let incoming = communicator.rank == sink ? (source == 0 ? first : other) : none
            try communicator.startAllToAll(
                from: region, sections: outgoing, into: target, sections: incoming
            ).wait()
        }
        let seconds = try time("ping-pong", bytes) {
            try send(from: 0, to: peer)
            try send(from: peer, to: 0)
        }
        return NetworkTiming(operation: .pingPong, peer: peer, bytes: bytes, seconds: seconds / 2)
    }

    private func sweep(_ operation: NetworkOperation, bytes: Int) throws -> NetworkTiming {
        let ranks = communicator.size
        let block = MemoryRegion(try AlignedMemory(allocating: bytes))
        let received = MemoryRegion(try AlignedMemory(allocating: bytes))
        let sections = try RankSections(
            byteCounts: Array(repeating: bytes / ranks, count: ranks), on: communicator)
        let seconds = try time(operation.words, bytes) {
            switch operation {
            case .pingPong: preconditionFailure("a ping-pong has a peer")
            case .smallSum: try communicator.allGather(in: block, sections: sections)
            case .orderedReduction:
                try communicator.startAllToAll(from: block, sections: sections, into: received, sections: sections)
                    .wait()
                try communicator.startAllGather(in: block, sections: sections).wait()
            case .floatSum: try communicator.startSum(ofFloatsIn: block).wait()
            }
        }
        return NetworkTiming(operation: operation, bytes: bytes, seconds: seconds)
    }

    /// The seconds of one operation: the median over the repeats of the rank that takes longest.
    private func time(_ name: String, _ bytes: Int, _ operation: () throws -> Void) throws -> Double {
        communicator.activity.note("measuring the \(name) of \(bytes) bytes")
        // Small operations in a row, each of which is too short for a clock.
        let turns = max(1, min(20, (1 << 20) / max(1, bytes)))
        try operation()
        var own: [Double] = []
        for _ in 0..<repeats {
            try communicator.barrier()
            let start = MonotonicClock.seconds
            for _ in 0..<turns { try operation() }
            own.append((MonotonicClock.seconds - start) / Double(turns))
        }
        let all = try communicator.allGather(own.withUnsafeBytes { Array($0) }).map { bytes in
            bytes.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
        }
        let slowest = (0..<repeats).map { index in all.reduce(0) { max($0, $1[index]) } }.sorted()
        return (slowest[repeats / 2] + slowest[(repeats - 1) / 2]) / 2
    }
}
