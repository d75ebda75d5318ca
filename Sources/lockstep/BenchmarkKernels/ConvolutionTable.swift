import Foundation
import Kernels
import Measurements
import Reports
import Training

/// `ConvolutionReport` for people: a row for each pass and algorithm, and one for each result that has an error.
package enum ConvolutionTable {
    /// The table and two paragraphs below it.
    package static func text(_ report: ConvolutionReport, repeats: Int) -> String {
        var table = Table(
            [.init("Convolution"), .init("Work"), .init("Products"), .init("Pass"), .init("µs/image", .right)]
                + ArithmeticRate.columns + [.init("Error of"), .init("Relative", .right), .init("Limit", .right)])
        var previous: ConvolutionTiming?
        for timing in report.timings {
            let isFirst = timing.convolution != previous?.convolution
            if isFirst, previous != nil { table.addRule() }
            let isSame = !isFirst && timing.algorithm == previous?.algorithm
            let rate = ArithmeticRate(
                operations: timing.operations, directOperations: timing.directOperations,
                seconds: timing.secondsPerImage, peak: report.peak)
            let labels = [
                isFirst ? timing.convolution.name : "", isFirst ? timing.convolution.problem.description : "",
                isSame ? "" : timing.algorithm.rawValue, timing.pass.rawValue,
                NumberFormat.rate(timing.secondsPerImage * 1e6),
            ]
            let first = timing.deviations.first.map(cells) ?? []
            table.addRow(labels + ArithmeticRate.cells(rate) + first)
            let blank = Array(repeating: "", count: labels.count + ArithmeticRate.columns.count)
            for deviation in timing.deviations.dropFirst() { table.addRow(blank + cells(deviation)) }
            previous = timing
        }
        return table.text + "\n\n" + """
            Rows are medians of \(repeats) calls for \(report.images) images, and one call of the reference; errors are L2, \
            relative to the reference.
            \(KernelTable.peakParagraph(report.peak))

            """
    }

    /// What was compared, its error and its limit; an error that is too large is marked.
    private static func cells(_ deviation: ConvolutionDeviation) -> [String] {
        [
            deviation.result.rawValue, String(format: "%.1e", deviation.error) + (deviation.isAccepted ? "" : " !"),
            String(format: "%.1e", deviation.limit),
        ]
    }
}
