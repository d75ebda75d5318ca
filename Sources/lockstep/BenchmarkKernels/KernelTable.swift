import Kernels
import Measurements
import Reports
import Training

/// `KernelReport` for people: a row for each pass of each layer, the totals, and what the columns mean.
package enum KernelTable {
    /// The table and two paragraphs below it.
    package static func text(_ report: KernelReport, repeats: Int) -> String {
        var table = Table(
            [
                .init("Layer"), .init("Work"), .init("Products"), .init("Pass"), .init("ms", .right),
                .init("µs/image", .right), .init("Share", .right),
            ] + ArithmeticRate.columns)
        let timings = report.timings
        var layer: String?
        for timing in timings {
            let names = [timing.layer, timing.work, timing.algorithm ?? "-"]
            table.addRow(
                (timing.layer == layer ? ["", "", ""] : names) + [timing.pass.rawValue]
                    + cells(timing.seconds, timing.operations, timing.directOperations, report))
            layer = timing.layer
        }
        table.addRule()
        for pass in KernelPass.allCases where timings.contains(where: { $0.pass == pass }) {
            table.addRow(["all", "", "", pass.rawValue] + cells(of: pass, report))
        }
        table.addRow(["step", "", "", ""] + cells(of: nil, report))
        return table.text + "\n\n" + paragraphs(report, repeats: repeats)
    }

    private static func cells(of pass: KernelPass?, _ report: KernelReport) -> [String] {
        let total = report.total(of: pass)
        return cells(total.seconds, total.operations, total.directOperations, report)
    }

    private static func cells(
        _ seconds: Double, _ operations: Int, _ directOperations: Int, _ report: KernelReport
    ) -> [String] {
        let rate = ArithmeticRate(
            operations: operations, directOperations: directOperations, seconds: seconds, peak: report.peak)
        return [
            NumberFormat.rate(seconds * 1e3), NumberFormat.rate(seconds * 1e6 / Double(report.images)),
            NumberFormat.percentage(seconds / report.totalSeconds),
        ] + ArithmeticRate.cells(rate)
    }

    private static func paragraphs(_ report: KernelReport, repeats: Int) -> String {
        let speed = NumberFormat.rate(Double(report.images) / report.stepSeconds)
        return """
            Rows are medians of \(repeats) steps. A whole step of \(report.images) images took \
            \(NumberFormat.rate(report.stepSeconds * 1e3)) ms (median): \(speed) images/s on one thread.
            \(peakParagraph(report.peak))

            """
    }

    /// What the columns of `ArithmeticRate` mean.
    static func peakParagraph(_ peak: Double) -> String {
        """
        GFLOP/s counts the multiply-adds that the products carry out, two operations each; the peak, \
        \(NumberFormat.rate(peak * 1e-9)) here,
        is what one core does in fused multiply-adds on registers, \(PeakArithmetic.lanes) lanes at a time. Direct is the \
        rate at which
        the definition would have to be computed to be as fast: Winograd needs a quarter of its operations.
        """
    }
}
