import Foundation
import Hosts
import Measurements
import Reports
import Training

extension ScalingDocument {
    /// From how many cores on the axes follow ratios, so that the small layouts do not crowd at the origin.
    private static let logarithmicFrom = 16

    /// The page with the plots.
    package var html: String {
        let cores = NumberFormat.counted(setting.machine.cores, "core")
        var page = PlotPage(
            title: "Scaling of Lockstep",
            subtitle: "\(setting.options["stages"] ?? "") on \(setting.machine.processor), \(cores) · \(setting.date)")
        page.addNotices("Read this first", ScalingTable.notices(report))
        for mode in ScalingMode.allCases where !report.results(of: mode).isEmpty { add(mode, to: &page) }
        page.addSection(
            "All points", "Median of the rounds; a step and its parts in milliseconds, the mean of the ranks.")
        let results = report.results
        page.addTable(ScalingTable.titles, results.map(ScalingTable.cells)) { results[$0].warning != nil }
        page.addSection("Measurement", "Each point is a job of its own; every other round goes backwards.")
        var facts: [(name: String, value: String)] = [
            (name: "Machine", value: "\(setting.machine.processor), \(cores)"),
            (name: "Lockstep", value: setting.program), (name: "Launcher", value: setting.launcher),
            (name: "Rounds", value: "\(setting.rounds)"), (name: "Command", value: setting.command),
            (name: "Date", value: setting.date),
        ]
        facts += setting.options.sorted { $0.key < $1.key }.map { (name: "--" + $0.key, value: $0.value) }
        page.addFacts(facts)
        return page.html
    }

    private func add(_ mode: ScalingMode, to page: inout PlotPage) {
        let results = report.results(of: mode)
        let first = results[0].point.run
        let heading: String
        let sentence: String
        switch mode {
        case .strong:
            heading = "Strong scaling: \(first.globalBatch) images a step"
            sentence = "The global batch stays the same, so that each rank has less to do."
        case .weak:
            heading = "Weak scaling: \(first.globalBatch / first.layout.ranks) images a step and rank"
            sentence = "The batch of each rank stays the same, so that all together do more."
        }
        page.addSection(heading, sentence + " Points are medians, bars reach from the slowest to the fastest round.")
        var plots = [(heading: "Images per second", plot: ratePlot(results))]
        if results.contains(where: { $0.efficiency != nil }) {
            plots.append((heading: "Efficiency against one rank of one thread", plot: efficiencyPlot(results)))
        }
        page.addPlots(plots)
        page.addBars("Where the time of a step goes", breakdown(results))
    }

    private func isLogarithmic(_ results: [ScalingResult]) -> Bool {
        results.contains { $0.point.run.layout.cores >= Self.logarithmicFrom }
    }

    private func ratePlot(_ results: [ScalingResult]) -> LinePlot {
        let single = results.first { $0.point.run.layout.cores == 1 }?.median
        return LinePlot(
            xTitle: "cores", yTitle: "images/s", series: series(results) { ($0.median, $0.spread) },
            ideal: single.map { .proportional(slope: $0) }, isLogarithmic: isLogarithmic(results))
    }

    private func efficiencyPlot(_ results: [ScalingResult]) -> LinePlot {
        LinePlot(
            xTitle: "cores", yTitle: "efficiency", ySuffix: "%",
            series: series(results) { result in
                guard let efficiency = result.efficiency else { return nil }
                // The reference's own spread is left out: a bar shows how far this layout's rounds lie apart.
                let scale = efficiency / result.median * 100
                return (
                    efficiency * 100, result.spread.lowerBound * scale...result.spread.upperBound * scale
                )
            }, ideal: .level(100), isLogarithmic: isLogarithmic(results))
    }

    /// One series for each number of threads.
    private func series(
        _ results: [ScalingResult], _ value: (ScalingResult) -> (Double, ClosedRange<Double>)?
    ) -> [PlotSeries] {
        Set(results.map(\.point.run.layout.threads)).sorted().map { threads in
            let points = results.filter { $0.point.run.layout.threads == threads }.compactMap { result in
                value(result).map { y, spread in
                    PlotPoint(
                        x: Double(result.point.run.layout.cores), y: y, spread: spread, title: title(result),
                        caution: result.warning == nil
                            ? nil : ScalingTable.layout(result.point.run.layout) + " shares cores")
                }
            }
            return PlotSeries("\(NumberFormat.counted(threads, "thread")) a rank", points)
        }
    }

    private func title(_ result: ScalingResult) -> String {
        let run = result.point.run
        let cells = ScalingTable.cells(result)
        return
            "\(NumberFormat.counted(run.layout.ranks, "rank")) × \(NumberFormat.counted(run.layout.threads, "thread")), "
            + "batch \(run.globalBatch): \(cells[4]) images/s (\(cells[5])), efficiency \(cells[6])"
            + (result.warning.map { ". Shares cores: \($0)" } ?? "")
    }

    private func breakdown(_ results: [ScalingResult]) -> StackedBarPlot {
        StackedBarPlot(
            xTitle: "milliseconds a step", unit: "ms",
            parts: StepPhase.allCases.map(\.words),
            bars: results.map { result in
                StackedBar(
                    ScalingTable.layout(result.point.run.layout),
                    StepPhase.allCases.map { result.account[$0] * 1000 },
                    caution: result.warning == nil ? nil : "shares cores")
            })
    }
}
