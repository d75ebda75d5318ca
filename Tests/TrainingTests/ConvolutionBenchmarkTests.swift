import Kernels
import Measurements
import Testing
import Training

@Suite("The benchmark of single convolutions")
struct ConvolutionBenchmarkTests {
    private static func named(_ names: String...) -> [NamedConvolution] {
        NamedConvolution.all.filter { names.contains($0.name) }
    }

    // Guards: every algorithm that can do a convolution is measured forward and backward, and held to the reference by
    // the limits of the tests.
    @Test func measuresEveryAlgorithmThatFits() throws {
        let table = Self.named("one tile", "kernel 5")
        #expect(table.count == 2)
        let report = try ConvolutionBenchmark(table, images: 2, repeats: 2).run()
        let algorithms = report.timings.map { "\($0.convolution.name) \($0.algorithm.rawValue) \($0.pass.rawValue)" }
        let expected = [
            "one tile winograd", "one tile im2col", "one tile reference", "kernel 5 im2col", "kernel 5 reference",
        ]
        #expect(algorithms == expected.flatMap { ["\($0) forward", "\($0) backward"] })
        for timing in report.timings {
            #expect(timing.secondsPerImage > 0 && timing.secondsPerImage.isFinite)
            let results = timing.deviations.map(\.result)
            switch (timing.algorithm, timing.pass) {
            case (.reference, _): #expect(results.isEmpty)
            case (_, .forward): #expect(results == [.output])
            default: #expect(results == [.inputGradient, .weightGradient])
            }
        }
        let tolerance = ConvolutionTolerance(table[0].problem, images: 2)
        let backward = try #require(report.timings.first { $0.pass == .backward })
        #expect(backward.deviations.map(\.limit) == [1e-5, tolerance.limit(for: .weightGradient)])
        #expect(backward.operations == 36 * 80 * 16 * 4)
        #expect(report.refusals.isEmpty, "\(report.refusals)")
        // Rounding differs between Winograd and doubles: an error of nothing would mean that nothing was compared.
        #expect(backward.deviations.allSatisfy { $0.error > 0 })
    }

    // Guards: a choice measures that algorithm alone, and not the one it would fall back to.
    @Test func choiceLeavesOutWhatFallsBack() throws {
        let report = try ConvolutionBenchmark(
            Self.named("one tile", "kernel 5"), choice: .winograd, images: 1, repeats: 1
        ).run()
        #expect(report.timings.map(\.algorithm) == [.winograd, .winograd])
    }

    // Guards: results that are wrong, or no numbers, are named; those at their limit pass.
    @Test func refusalsNameWhatIsWrong() {
        let table = Self.named("kernel 5")
        func timing(_ result: ConvolutionResult, error: Double) -> ConvolutionTiming {
            ConvolutionTiming(
                table[0], algorithm: .im2col, pass: .backward, secondsPerImage: 1, operations: 1, directOperations: 1,
                deviations: [ConvolutionDeviation(result, error: error, limit: 1e-5)])
        }
        let timings = [
            timing(.inputGradient, error: 1e-5), timing(.weightGradient, error: 1.1e-5), timing(.output, error: .nan),
        ]
        let report = ConvolutionReport(images: 1, timings: timings, peak: 1)
        let expected = ["weight gradient", "output"].map { "\($0) of kernel 5 (9×9×4→10 k5 s1) by im2col" }
        #expect(report.refusals == expected)
    }
}
