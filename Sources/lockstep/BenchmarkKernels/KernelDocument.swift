import CommandLineArguments
import Kernels
import Measurements
import Reports
import Training

/// What `benchmark kernels --json` prints. Its keys are documented in `keys`, which the help page shows; a value that
/// does not exist, or is not a number, is null.
package enum KernelDocument {
    /// For a training step.
    struct Step: Encodable {
        struct Settings: Encodable {
            let architecture: String
            let stages: String
            let pooling: String
            let dropout: Double
            let optimizer: String
            let convolution: ConvolutionChoice
            let images: Int
            let granules: Int
            let repeats: Int

            init(_ plan: TrainingPlan, repeats: Int) {
                let network = plan.architecture
                architecture = network.finalActivation ? "article-final-activation" : "article"
                (stages, pooling, dropout) = (network.stagesText, network.pooling.rawValue, network.dropout)
                (optimizer, convolution) = (plan.optimizer.kind.rawValue, plan.convolution)
                (images, granules, self.repeats) = (plan.globalBatch, plan.granules, repeats)
            }
        }

        struct Part: Encodable {
            let layer: String
            let work: String
            let pass: String
            let algorithm: String?
            let seconds: Double
            let secondsPerImage: Double
            let share: Double
            let rate: Rate
        }

        let version = Program.version
        let settings: Settings
        let machine: MachinePeak
        let stepSeconds: Double
        let imagesPerSecond: Double
        let parts: [Part]

        init(_ report: KernelReport, _ settings: Settings, _ machine: Machine) {
            self.settings = settings
            self.machine = MachinePeak(machine, peak: report.peak)
            stepSeconds = report.stepSeconds
            imagesPerSecond = Double(report.images) / report.stepSeconds
            parts = report.timings.map { timing in
                Part(
                    layer: timing.layer, work: timing.work, pass: timing.pass.rawValue, algorithm: timing.algorithm,
                    seconds: timing.seconds, secondsPerImage: timing.seconds / Double(report.images),
                    share: timing.seconds / report.totalSeconds,
                    rate: Rate(
                        ArithmeticRate(
                            operations: timing.operations, directOperations: timing.directOperations,
                            seconds: timing.seconds, peak: report.peak)))
            }
        }
    }

    /// For single convolutions.
    package struct Convolutions: Encodable {
        package struct Settings: Encodable {
            let convolution: ConvolutionChoice
            let images: Int
            let repeats: Int

            /// What was measured.
            package init(convolution: ConvolutionChoice, images: Int, repeats: Int) {
                (self.convolution, self.images, self.repeats) = (convolution, images, repeats)
            }
        }

        struct Problem: Encodable {
            struct Deviation: Encodable {
                let result: String
                let error: Double
                let limit: Double
                let accepted: Bool
            }

            let name: String
            let work: String
            let algorithm: ConvolutionChoice
            let pass: String
            let secondsPerImage: Double
            let errors: [Deviation]
            let rate: Rate
        }

        let version = Program.version
        let settings: Settings
        let machine: MachinePeak
        let problems: [Problem]

        /// A document.
        package init(_ report: ConvolutionReport, _ settings: Settings, _ machine: Machine) {
            self.settings = settings
            self.machine = MachinePeak(machine, peak: report.peak)
            problems = report.timings.map { timing in
                Problem(
                    name: timing.convolution.name, work: timing.convolution.problem.description,
                    algorithm: timing.algorithm, pass: timing.pass.rawValue, secondsPerImage: timing.secondsPerImage,
                    errors: timing.deviations.map {
                        .init(result: $0.result.rawValue, error: $0.error, limit: $0.limit, accepted: $0.isAccepted)
                    },
                    rate: Rate(
                        ArithmeticRate(
                            operations: timing.operations, directOperations: timing.directOperations,
                            seconds: timing.secondsPerImage, peak: report.peak)))
            }
        }
    }

    /// The machine, and the most that one of its cores does.
    struct MachinePeak: Encodable {
        let processor: String
        let cores: Int
        let vectorLanes = PeakArithmetic.lanes
        let peakGflops: Double

        init(_ machine: Machine, peak: Double) {
            (processor, cores, peakGflops) = (machine.processor, machine.cores, peak * 1e-9)
        }
    }

    /// What a part does in its time; null where it has no products.
    struct Rate: InlineEncodable {
        let gflops: Double?
        let directGflops: Double?
        let peakRatio: Double?

        init(_ rate: ArithmeticRate?) {
            (gflops, directGflops, peakRatio) = (rate?.gflops, rate?.directGflops, rate?.peakRatio)
        }
    }

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
