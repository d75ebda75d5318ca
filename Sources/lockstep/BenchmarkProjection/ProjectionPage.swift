import Foundation
import Projection
import Reports

/// A projection as a page with plots.
package enum ProjectionPage {
    /// As many networks as a plot has marks.
    private static let mostSeries = 4

    /// The page.
    package static func html(_ result: ProjectionResult) -> String {
        var page = PlotPage(
            title: "Projected scaling of Lockstep", subtitle: ProjectionResult.warning)
        page.addNotices(
            "Read this first",
            [ProjectionResult.warning] + Assumptions.sentences(profiledRanks: result.measurement.ranks))
        page.addSection("What was measured", ProjectionTable.profileSentence(result))
        page.addTable(ProjectionTable.profileTitles, ProjectionTable.profileRows(result))
        if !result.comparisons.isEmpty {
            page.addSection(
                "The model beside measured steps",
                (["The only points that were run."] + result.remarks).joined(separator: " "))
            page.addTable(ProjectionTable.comparisonTitles, ProjectionTable.comparisonRows(result))
        }
        for curves in result.curves { add(Array(curves.prefix(mostSeries)), to: &page) }
        page.addSection("Circumstances", "Networks in three numbers, and how the projection was made.")
        page.addFacts(
            result.networks.map { ($0.name, NetworkTable.describe($0)) } + result.circumstances)
        return page.html
    }

    private static func add(_ curves: [ScalingCurve], to page: inout PlotPage) {
        page.addSection(
            "Projection, \(curves[0].method.words)", "How far it scales on each network, and what ends it.")
        page.addFacts(curves.map { ($0.network.name, $0.sentence) })
        let first = curves[0].steps[0]
        page.addPlots([
            (
                heading: "Projected images per second",
                plot: plot(curves, "images/s", ideal: .proportional(slope: first.imagesPerSecond)) { _, step in
                    step.imagesPerSecond
                }
            ),
            (
                heading: "Projected efficiency against one rank",
                plot: plot(curves, "efficiency", suffix: "%", ideal: .level(100)) { curve, step in
                    curve.efficiency(of: step) * 100
                }
            ),
        ])
        for curve in curves { page.addBars("Where a projected step goes, \(curve.network.name)", bars(curve)) }
    }

    private static func plot(
        _ curves: [ScalingCurve], _ title: String, suffix: String = "", ideal: LinePlot.Ideal,
        _ value: (ScalingCurve, ProjectedStep) -> Double
    ) -> LinePlot {
        LinePlot(
            xTitle: "ranks", yTitle: title, ySuffix: suffix,
            series: curves.map { curve in
                PlotSeries(
                    curve.network.name,
                    curve.steps.map { step in
                        PlotPoint(
                            x: Double(step.ranks), y: value(curve, step),
                            title: "\(NumberFormat.counted(step.ranks, "rank")), batch \(step.globalBatch), "
                                + "\(curve.network.name): \(NumberFormat.rate(step.imagesPerSecond)) images/s projected"
                        )
                    })
            }, ideal: ideal, isLogarithmic: true)
    }

    private static func bars(_ curve: ScalingCurve) -> StackedBarPlot {
        StackedBarPlot(
            xTitle: "share of a projected step, %", unit: "ms",
            parts: [
                "images and their granules", "fixed work", "batch-norm messages", "gradients and other messages",
                "waiting for ranks",
            ],
            bars: curve.steps.map { step in
                let terms = step.breakdown
                return StackedBar(
                    "\(step.ranks)",
                    [
                        terms[.images] + terms[.granules], terms[.fixedWork],
                        terms[.statisticsLatency] + terms[.statisticsTransfer],
                        terms[.gradients] + terms[.otherMessages], terms[.waiting],
                    ].map { $0 * 1000 })
            }, showsShares: true)
    }
}
