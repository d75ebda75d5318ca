import Hosts
import Measurements
import Reports
import Training

/// What `lockstep doctor` prints for people.
package enum DoctorTable {
    /// A row for each rank with what it may use.
    package static func facts(_ diagnosis: Diagnosis) -> String {
        var table = Table([
            .init("Rank", .right), .init("Host"), .init("Processor"), .init("Cores"), .init("Threads", .right),
            .init("Limit", .right), .init("Memory free", .right), .init("of", .right),
        ])
        for rank in diagnosis.ranks {
            table.addRow([
                "\(rank.rank)", rank.place.host, rank.processor, NumberFormat.runs(rank.place.cores.numbers),
                "\(rank.place.threads)", rank.coreLimit.map { NumberFormat.rate($0) } ?? "-",
                rank.freeMemory.map { NumberFormat.bytes($0) } ?? "-",
                rank.memory.map { NumberFormat.bytes($0.total) } ?? "-",
            ])
        }
        return table.text + "\n"
    }

    /// A row for each rank with its rates, and which rates these are.
    package static func speeds(_ speeds: [RankSpeed], _ diagnosis: Diagnosis) -> String {
        var table = Table([
            .init("Rank", .right), .init("Host"), .init("GFLOP/s min", .right), .init("median", .right),
            .init("GB/s min", .right), .init("median", .right),
        ])
        for (rank, speed) in zip(diagnosis.ranks, speeds) {
            let rates = [speed.operations, speed.bytes].flatMap { [$0.minimum, $0.median] }
            table.addRow(
                ["\(rank.rank)", rank.place.host] + rates.map { NumberFormat.rate($0 * 1e-9) })
        }
        return table.text + "\nOf one thread, while all threads of all ranks do the same.\n"
    }

    /// A row for each operation with its time.
    package static func exchanges(_ timings: [ExchangeTiming]) -> String {
        var table = Table([
            .init("Exchange"), .init("Size", .right), .init("min", .right), .init("median", .right),
        ])
        for timing in timings {
            table.addRow([
                timing.operation, NumberFormat.bytes(timing.bytes), time(timing.seconds.minimum),
                time(timing.seconds.median),
            ])
        }
        return table.text + "\n"
    }

    /// A line for each finding, or that there is nothing to mend.
    package static func findings(_ findings: [Finding]) -> String {
        let start = findings.contains { $0.cause.isWarning } ? [] : ["Nothing is wrong."]
        return (start + findings.map(\.line)).map { $0 + "\n" }.joined()
    }

    private static func time(_ seconds: Double) -> String {
        seconds < 1e-3 ? NumberFormat.rate(seconds * 1e6) + " µs" : NumberFormat.rate(seconds * 1e3) + " ms"
    }
}
