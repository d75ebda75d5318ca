import Projection
import Training

/// The profile of a step on this machine: each part measured at several batch sizes, and a line through them.
package struct ProfileMeasurement {
    /// The profile.
    package let profile: StepProfile
    /// The measured steps of one rank: images and seconds, the sum of its parts' medians.
    package let steps: [TimedAmount]

    /// Images of a granule, at most, as `benchmark kernels` cuts a batch.
    private static let imagesPerGranule = 8

    /// Measures steps of `images`, at least two different sizes.
    ///
    /// - Throws: what training throws; `RunFailure` when no line fits.
    init(_ plan: TrainingPlan, threads: Int, images: [Int], repeats: Int) throws {
        let reports = try images.map { count in
            var plan = plan
            plan.globalBatch = count
            plan.granules = max(threads, count / Self.imagesPerGranule)
            return try KernelBenchmark(plan, threads: threads, warmupSteps: 1, repeats: repeats).run()
        }
        try self.init(reports)
    }

    /// The profile of measured steps.
    ///
    /// - Throws: `RunFailure` when no line fits.
    package init(_ reports: [KernelReport]) throws(RunFailure) {
        func line(_ part: Int) throws(ProjectionError) -> LinearTime {
            // A part below the clock's resolution still has a time.
            try LinearFit(
                reports.map {
                    TimedAmount(amount: Double($0.images), seconds: max($0.timings[part].seconds, 1e-9))
                }
            ).time
        }
        let timings = reports.first?.timings ?? []
        var layers: [StepProfile.Layer] = []
        var others: [String: LinearTime] = [:]
        do {
            for (part, timing) in timings.enumerated() {
                switch timing.pass {
                case .forward:
                    layers.append(StepProfile.Layer(forward: try line(part), backward: try line(part + 1)))
                case .backward: break
                case .rest: others[timing.layer] = try line(part)
                }
            }
        } catch {
            throw RunFailure(.usage, "No profile can be fitted: \(error.description)", isShared: true)
        }
        profile = StepProfile(
            layers: layers, loss: others["loss"] ?? .none,
            update: (others["optimizer"] ?? .none) + (others["exchange"] ?? .none))
        steps = reports.map { TimedAmount(amount: Double($0.images), seconds: $0.totalSeconds) }
    }
}
