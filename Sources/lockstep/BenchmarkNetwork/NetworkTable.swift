import Foundation
import Projection
import Reports

/// A measured network for people.
package enum NetworkTable {
    /// The model, and a table of all measurements beside it.
    package static func text(_ report: NetworkReport) -> String {
        let model = report.model
        var lines = [
            "\(NumberFormat.counted(report.ranks, "rank")) on \(NumberFormat.counted(Set(report.hosts).count, "host")): "
                + describe(model) + ".",
            "The line lies within \(NumberFormat.percentage(report.fit.medianError)) of half of the ping-pongs, at worst "
                + "\(NumberFormat.percentage(report.fit.largestError)) off.",
        ]
        if report.ranks == 2 {
            lines.append("What a further message costs shows with three ranks; here it is taken to be the latency.")
        }
        if report.fitByPeer.count > 1 {
            for (index, fit) in report.fitByPeer.enumerated() {
                lines.append(
                    "Rank 0 to rank \(index + 1) on \(report.hosts[index + 1]): latency "
                        + "\(microseconds(fit.time.fixed)), \(rate(fit.time.each)).")
            }
        }
        var table = Table([
            .init("Operation"), .init("Bytes", .right), .init("Measured", .right), .init("Model", .right),
            .init("Model off by", .right),
        ])
        for operation in NetworkOperation.allCases {
            if operation != .pingPong { table.addRule() }
            for timing in report.timings where timing.operation == operation {
                let name = operation.words + (timing.peer.map { " with rank \($0)" } ?? "")
                let modelled = operation.modelled(bytes: timing.bytes, model, ranks: report.ranks).total
                table.addRow([
                    name, NumberFormat.grouped(timing.bytes), microseconds(timing.seconds), microseconds(modelled),
                    signedPercentage(report.error(of: timing)),
                ])
            }
        }
        return lines.joined(separator: "\n") + "\n\n" + table.text + "\n"
    }

    /// The three numbers of a network.
    package static func describe(_ network: NetworkModel) -> String {
        "latency \(microseconds(network.latency)), \(rate(network.secondsPerByte)), further messages "
            + "\(microseconds(network.secondsPerMessage)) each"
    }

    static func microseconds(_ seconds: Double) -> String { NumberFormat.rate(seconds * 1e6) + " µs" }

    static func signedPercentage(_ share: Double) -> String { String(format: "%+.1f%%", share * 100) }

    private static func rate(_ secondsPerByte: Double) -> String {
        secondsPerByte > 0 ? NumberFormat.rate(8e-9 / secondsPerByte) + " Gbit/s" : "bandwidth beyond measure"
    }
}
