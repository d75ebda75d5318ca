import Foundation
import Reports

/// The epochs of the article's recipe, as the table of the article "ArticleRun" has them.
struct ArticleRun {
    private var training: [PlotPoint] = []
    private var validation: [PlotPoint] = []

    /// Reads the table.
    init() throws {
        let text = try String(contentsOfFile: "Sources/Training/Training.docc/ArticleRun.md", encoding: .utf8)
        // | epoch | loss | accuracy | validation loss | validation accuracy | time |
        for line in text.split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 6, let epoch = Double(cells[0]) else { continue }
            for (cell, points) in [(2, \Self.training), (4, \Self.validation)] {
                guard let accuracy = Double(cells[cell].dropLast(2)) else { continue }
                self[keyPath: points].append(
                    PlotPoint(x: epoch, y: accuracy, title: "epoch \(cells[0]): \(cells[cell])"))
            }
        }
    }

    var plot: LinePlot {
        LinePlot(
            xTitle: "epoch", yTitle: "accuracy", ySuffix: " %",
            series: [PlotSeries("training, augmented", training), PlotSeries("10,000 test images", validation)])
    }
}
