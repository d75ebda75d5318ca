import Kernels
import Reports

/// Measures convolutions by themselves: each by every algorithm that can do it, and against the reference.
public struct ConvolutionBenchmark {
    private let convolutions: [NamedConvolution]
    private let choice: ConvolutionChoice
    private let images: Int
    private let repeats: Int

    /// A benchmark of `repeats` counted calls for `images` images each; the slow reference is called once.
    ///
    /// - Parameter choice: the algorithm to measure; `automatic` stands for all of them.
    public init(
        _ convolutions: [NamedConvolution] = NamedConvolution.all, choice: ConvolutionChoice = .automatic, images: Int,
        repeats: Int
    ) {
        precondition(images > 0 && repeats > 0, "at least one call for one image is counted")
        self.convolutions = convolutions
        self.choice = choice
        self.images = images
        self.repeats = repeats
    }

    /// Computes everything.
    ///
    /// - Throws: `ResourceError` when the system refuses the memory.
    public func run() throws -> ConvolutionReport {
        let peak = PeakArithmetic.measure().operationsPerSecond
        let timings = try convolutions.flatMap(measure)
        return ConvolutionReport(
            images: images, timings: timings, peak: max(peak, PeakArithmetic.measure().operationsPerSecond))
    }

    /// The algorithms to measure on a problem, leaving out what would fall back to another.
    private func algorithms(for problem: ConvolutionProblem) -> [ConvolutionChoice] {
        let candidates = choice == .automatic ? ConvolutionChoice.algorithms : [choice]
        return candidates.filter { $0.resolved(for: problem) == $0 }
    }

    private func measure(_ convolution: NamedConvolution) throws -> [ConvolutionTiming] {
        let algorithms = algorithms(for: convolution.problem)
        guard !algorithms.isEmpty else { return [] }
        let reference = try ConvolutionTrial(convolution.problem, images: images, by: .reference)
        let passes: [(pass: KernelPass, referenceSeconds: Double)] = [
            (.forward, reference.run(.forward)), (.backward, reference.run(.backward)),
        ]
        return try algorithms.flatMap { algorithm in
            let trial =
                try algorithm == .reference
                ? nil : ConvolutionTrial(convolution.problem, images: images, by: algorithm)
            return passes.map { pass, referenceSeconds in
                // The first call touches its memory for the first time and is not counted.
                let seconds = trial.map { trial in (0...repeats).map { _ in trial.run(pass) }.dropFirst().median }
                return ConvolutionTiming(
                    convolution, algorithm: algorithm, pass: pass,
                    secondsPerImage: (seconds ?? referenceSeconds) / Double(images),
                    operations: ProductArithmetic(convolution.problem, by: algorithm).operations(in: pass),
                    directOperations: ProductArithmetic(convolution.problem, by: .reference).operations(in: pass),
                    deviations: trial.map { deviations(of: $0, from: reference, in: pass) } ?? [])
            }
        }
    }

    /// The results of one pass against the reference's.
    private func deviations(
        of trial: ConvolutionTrial, from reference: ConvolutionTrial, in pass: KernelPass
    ) -> [ConvolutionDeviation] {
        let tolerance = ConvolutionTolerance(trial.problem, images: images)
        let results: [ConvolutionResult] = pass == .forward ? [.output] : [.inputGradient, .weightGradient]
        return results.map { result in
            ConvolutionDeviation(
                result,
                error: ConvolutionTolerance.relativeError(
                    of: trial.values(of: result), from: reference.values(of: result)),
                limit: tolerance.limit(for: result))
        }
    }
}
