import Foundation
import Measurements
import Reports
import Training

/// The results of scaling as a table.
package enum ScalingTable {
    /// The titles of the columns.
    package static let titles: [String] =
        ["Scaling", "Layout", "Cores", "Batch", "Images/s", "Min–max", "Efficiency", "Step"]
        + StepPhase.allCases.map(\.title) + ["Note"]

    /// The cells of a result.
    package static func cells(_ result: ScalingResult) -> [String] {
        let run = result.point.run
        let efficiency = result.efficiency.map { String(format: "%.1f%%", $0 * 100) } ?? "–"
        let spread =
            "\(NumberFormat.rate(result.spread.lowerBound))–\(NumberFormat.rate(result.spread.upperBound))"
        var cells = [
            result.point.mode.rawValue, layout(run.layout), "\(run.layout.cores)", "\(run.globalBatch)",
            NumberFormat.rate(result.median), spread, efficiency, milliseconds(result.account.total),
        ]
        cells += StepPhase.allCases.map { milliseconds(result.account[$0]) }
        cells.append(result.warning == nil ? "" : "SHARES CORES")
        return cells
    }

    /// The table for a terminal, with the reason for each mark and what else a reader has to know below it.
    package static func text(_ report: ScalingReport) -> String {
        var table = Table(
            titles.enumerated().map { Table.Column($1, $0 < 2 || $0 == titles.count - 1 ? .left : .right) })
        for (index, result) in report.results.enumerated() {
            if index > 0, report.results[index - 1].point.mode != result.point.mode { table.addRule() }
            table.addRow(cells(result))
        }
        return
            ([table.text, "Median of the rounds; the parts of a step are in milliseconds, the mean of the ranks."]
            + notices(report)).joined(separator: "\n")
    }

    /// Why results are marked, and which efficiencies are missing.
    package static func notices(_ report: ScalingReport) -> [String] {
        var notices: [String] = []
        for result in report.results {
            guard let warning = result.warning else { continue }
            let notice = "\(layout(result.point.run.layout)) shares cores: \(warning)"
            if !notices.contains(notice) { notices.append(notice) }
        }
        if report.results.contains(where: { $0.efficiency == nil }) {
            notices.append(
                "There is no efficiency without the layout 1x1, one rank of one thread; add it to --layouts.")
        }
        return notices
    }

    /// A layout for people: `2×1`.
    package static func layout(_ layout: RankLayout) -> String { "\(layout.ranks)×\(layout.threads)" }

    private static func milliseconds(_ seconds: Double) -> String { String(format: "%.1f", seconds * 1000) }
}
