import CommandLineArguments
import Foundation
import Kernels
import Measurements
import Training

/// What `benchmark kernels --json` prints: one object on one line. Its keys are documented in `keys`, which the help
/// page shows; a value that does not exist, or is not a number, is null.
package struct KernelDocument {
    private let machine: Machine
    private let settings: [String: Any]

    /// A document about measurements on a machine under some settings, whose values JSON must have a form for.
    package init(machine: Machine, settings: [String: Any]) {
        self.machine = machine
        self.settings = settings
    }

    /// The line for a training step.
    package func text(_ report: KernelReport) -> String {
        let parts = report.timings.map { timing -> [String: Any] in
            let rate = ArithmeticRate(
                operations: timing.operations, directOperations: timing.directOperations, seconds: timing.seconds,
                peak: report.peak)
            return [
                "layer": timing.layer, "work": timing.work, "pass": timing.pass.rawValue,
                "algorithm": timing.algorithm ?? NSNull(), "seconds": timing.seconds,
                "seconds_per_image": timing.seconds / Double(report.images),
                "share": Self.number(timing.seconds / report.totalSeconds),
            ].merging(Self.values(of: rate)) { first, _ in first }
        }
        return line(
            peak: report.peak,
            [
                "step_seconds": report.stepSeconds,
                "images_per_second": Self.number(Double(report.images) / report.stepSeconds), "parts": parts,
            ])
    }

    /// The line for single convolutions.
    package func text(_ report: ConvolutionReport) -> String {
        let problems = report.timings.map { timing -> [String: Any] in
            let rate = ArithmeticRate(
                operations: timing.operations, directOperations: timing.directOperations,
                seconds: timing.secondsPerImage, peak: report.peak)
            let errors = timing.deviations.map { deviation -> [String: Any] in
                [
                    "result": deviation.result.rawValue, "error": Self.number(deviation.error),
                    "limit": deviation.limit, "accepted": deviation.isAccepted,
                ]
            }
            return [
                "name": timing.convolution.name, "work": timing.convolution.problem.description,
                "algorithm": timing.algorithm.rawValue, "pass": timing.pass.rawValue,
                "seconds_per_image": timing.secondsPerImage, "errors": errors,
            ].merging(Self.values(of: rate)) { first, _ in first }
        }
        return line(peak: report.peak, ["problems": problems])
    }

    private func line(peak: Double, _ content: [String: Any]) -> String {
        let common: [String: Any] = [
            "version": Program.version, "settings": settings,
            "machine": [
                "processor": machine.processor, "cores": machine.cores, "vector_lanes": PeakArithmetic.lanes,
                "peak_gflops": peak * 1e-9,
            ] as [String: Any],
        ]
        let data = try? JSONSerialization.data(
            withJSONObject: common.merging(content) { first, _ in first },
            options: [.sortedKeys, .withoutEscapingSlashes])
        guard let data else { preconditionFailure("a setting has no form in JSON") }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private static func values(of rate: ArithmeticRate?) -> [String: Any] {
        [
            "gflops": rate?.gflops ?? NSNull(), "direct_gflops": rate?.directGflops ?? NSNull(),
            "peak_ratio": rate?.peakRatio ?? NSNull(),
        ]
    }

    private static func number(_ value: Double) -> Any { value.isFinite ? value : NSNull() }
}

extension KernelDocument {
    /// Every key with its meaning.
    package static let keys: [HelpSection.Row] = [
        .init("version", "the version of lockstep"),
        .init("machine", "processor, cores, vector_lanes, peak_gflops"),
        .init("processor, cores", "the processor's name, and the cores this process may use"),
        .init("vector_lanes", "the floats of a vector that the kernels were built with"),
        .init("peak_gflops", "10^9 operations per second, the most that one core does"),
        .init("settings", "architecture, stages, pooling, dropout, convolution, optimizer, images, granules, repeats"),
        .init("step_seconds", "a whole step of the images in settings, median"),
        .init("images_per_second", "images over step_seconds"),
        .init("parts", "one object for each pass of each layer, and for what belongs to no layer"),
        .init("problems", "with --problems: one object for each convolution, algorithm and pass"),
        .init("layer, name", "the layer or what the part does; the convolution's name in the table"),
        .init("work", "the geometry, or the layer's kind"),
        .init("pass", "forward, backward, or rest (no layer's)"),
        .init("algorithm", "winograd, im2col, reference or dense; null without products"),
        .init("seconds", "of a step, median"),
        .init("seconds_per_image", "seconds over images"),
        .init("share", "seconds over the sum of all parts' seconds"),
        .init("gflops", "10^9 operations per second that the products carry out; null without"),
        .init("direct_gflops", "what they would be by the products' definition"),
        .init("peak_ratio", "gflops over peak_gflops"),
        .init("errors", "result, error, limit, accepted, for each result of the pass"),
        .init("result, error", "what was compared; its L2 error relative to the reference"),
        .init("limit, accepted", "the largest error that passes, and whether this one does"),
    ]
}
