import Foundation
import Kernels
import Measurements
import Reports
import Testing
import Training

import lockstep

@Suite("The tables of benchmark kernels")
struct KernelTableTests {
    /// Ten images, 20 ms: a unit by Winograd at 40 of 100 GFLOP/s, a pool, the optimiser.
    private static let report = KernelReport(
        images: 10,
        timings: [
            unit(.forward, seconds: 6e-3, operations: 240_000_000),
            unit(.backward, seconds: 10e-3, operations: 400_000_000),
            KernelTiming(layer: "pool.0", work: "MaxPool 2×2", pass: .forward, seconds: 2e-3),
            KernelTiming(layer: "pool.0", work: "MaxPool 2×2", pass: .backward, seconds: 1e-3),
            KernelTiming(layer: "optimizer", work: "adam", pass: .rest, seconds: 0.9999e-3),
        ],
        stepSeconds: 25e-3, peak: 100e9)

    private static func unit(_ pass: KernelPass, seconds: Double, operations: Int) -> KernelTiming {
        KernelTiming(
            layer: "units.1", work: "32×32×64→64 k3 s1", pass: pass, algorithm: "winograd", seconds: seconds,
            operations: operations, directOperations: 4 * operations)
    }

    // Guards: the whole table as people see it: a layer's name once, dashes without products, totals by pass.
    @Test func kernelTable() {
        let expected = """
            Layer      Work               Products  Pass        ms  µs/image    Share  GFLOP/s  Of peak  Direct
            ───────────────────────────────────────────────────────────────────────────────────────────────────
            units.1    32×32×64→64 k3 s1  winograd  forward   6.00       600   30.00%     40.0   40.00%     160
                                                    backward  10.0      1000   50.00%     40.0   40.00%     160
            pool.0     MaxPool 2×2        -         forward   2.00       200   10.00%        -        -       -
                                                    backward  1.00       100    5.00%        -        -       -
            optimizer  adam               -         rest      1.00       100    5.00%        -        -       -
            ───────────────────────────────────────────────────────────────────────────────────────────────────
            all                                     forward   8.00       800   40.00%     30.0   30.00%     120
            all                                     backward  11.0      1100   55.00%     36.4   36.36%     145
            all                                     rest      1.00       100    5.00%        -        -       -
            step                                              20.0      2000  100.00%     32.0   32.00%     128

            Rows are medians of 7 steps. A whole step of 10 images took 25.0 ms (median): 400 images/s on one thread.
            """
        let text = KernelTable.text(Self.report, repeats: 7)
        #expect(text.hasPrefix(expected + "\n"), "\(text)")
        #expect(text.contains("the peak, 100 here"))
        #expect(text.contains("\(PeakArithmetic.lanes) lanes") && text.hasSuffix(".\n"))
    }

    private static func convolutions(error: Double) throws -> ConvolutionReport {
        let convolution = try #require(NamedConvolution.all.first { $0.name == "kernel 1" })
        func timing(_ pass: KernelPass, _ deviations: [ConvolutionDeviation]) -> ConvolutionTiming {
            ConvolutionTiming(
                convolution, algorithm: .im2col, pass: pass, secondsPerImage: 1e-6, operations: 25_000,
                directOperations: 25_000, deviations: deviations)
        }
        let backward = [
            ConvolutionDeviation(.inputGradient, error: 8.6e-8, limit: 1e-5),
            ConvolutionDeviation(.weightGradient, error: error, limit: 1.8e-5),
        ]
        return ConvolutionReport(
            images: 4,
            timings: [
                timing(.forward, [ConvolutionDeviation(.output, error: 4.2e-8, limit: 2e-5)]),
                timing(.backward, backward),
            ], peak: 100e9)
    }

    // Guards: a result beyond its limit is marked where it stands.
    @Test func convolutionTable() throws {
        let text = ConvolutionTable.text(try Self.convolutions(error: 2e-5), repeats: 7)
        let words = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        let rates = ["25.0", "25.00%", "25.0"]
        #expect(words[0].starts(with: ["Convolution", "Work", "Products", "Pass", "µs/image"]))
        #expect(
            words[2] == ["kernel", "1", "8×8×32→20", "k1", "s1", "im2col", "forward", "1.00"] + rates
                + ["output", "4.2e-08", "2.0e-05"])
        #expect(words[3] == ["backward", "1.00"] + rates + ["input", "gradient", "8.6e-08", "1.0e-05"])
        #expect(words[4] == ["weight", "gradient", "2.0e-05", "!", "1.8e-05"])
    }

    // Guards: an error that is no number has a form in JSON, and is not accepted.
    @Test func notANumberInJSON() throws {
        let document = KernelDocument.Convolutions(
            try Self.convolutions(error: .nan), .init(convolution: .automatic, images: 1, repeats: 1),
            Machine(processor: "test", cores: 3))
        let text = JSONText.text(document, .sorted)
        let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let problems = try #require(object["problems"] as? [[String: Any]])
        let errors = try #require(problems[1]["errors"] as? [[String: Any]])
        #expect(errors[1]["error"] is NSNull && errors[1]["accepted"] as? Bool == false)
        #expect((object["machine"] as? [String: Any])?["cores"] as? Int == 3)
    }
}
