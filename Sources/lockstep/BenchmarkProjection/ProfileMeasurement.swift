import Collectives
import Failures
import Measurements
import Projection
import Training

/// The profile of a step on this machine: each part measured for several shares of a rank, by all ranks at once, and fitted.
package struct ProfileMeasurement {
    /// The profile.
    package let profile: StepProfile
    /// The measured steps of a rank, the sum of its parts' medians; the mean over the ranks.
    package let steps: [TimedWork]
    /// How many ranks were measured side by side.
    package let ranks: Int

    /// Measures steps of `images`, at least two different numbers, each in as few granules as the threads permit and in
    /// as many as a rank alone would have. Every rank computes for itself, all at the same time, so that what they take
    /// from each other's caches, memory and clocks is in the profile. All ranks call it.
    ///
    /// - Throws: what training throws; `RunFailure` when nothing can be fitted.
    init(_ plan: TrainingPlan, threads: Int, images: [Int], repeats: Int, over communicator: any Communicator) throws {
        var measured: [(share: RankShare, timings: [KernelTiming], seconds: [Double], covers: [Double])] = []
        for share in Self.shares(images, threads: threads, granules: plan.granules) {
            var plan = plan
            plan.globalBatch = share.images
            plan.granules = share.granules
            try communicator.barrier()
            let timings = try RankAgreement(communicator).together {
                try KernelBenchmark(plan, threads: threads, warmupSteps: 1, repeats: repeats).run().timings
            }
            let seconds = try Self.means(of: timings.map(\.seconds), over: communicator)
            let covers = try Self.means(of: timings.map(\.coverSeconds), over: communicator)
            measured.append((share, timings, seconds, covers))
        }
        ranks = communicator.size
        steps = measured.map { TimedWork(share: $0.share, seconds: $0.seconds.reduce(0, +)) }
        do {
            profile = try Self.profile(measured[0].timings) { part throws(ProjectionError) in
                // A part below the clock's resolution still has a time. Cover is what every share has at least.
                StepProfile.Pass(
                    try WorkTime(
                        fitting: measured.map { TimedWork(share: $0.share, seconds: max($0.seconds[part], 1e-9)) }),
                    cover: measured.map { $0.covers[part] }.min() ?? 0)
            }
        } catch {
            throw RunFailure(.usage, "No profile can be fitted: \(error.description)", isShared: true)
        }
    }

    /// The means over all ranks.
    private static func means(of values: [Double], over communicator: any Communicator) throws -> [Double] {
        let byRank = try communicator.allGather(value: values)
        return values.indices.map { part in byRank.reduce(0) { $0 + $1[part] } / Double(byRank.count) }
    }

    /// The shares that are measured, in the order of their images.
    static func shares(_ images: [Int], threads: Int, granules: Int) -> [RankShare] {
        Set(images).sorted().flatMap { count in
            Set([threads, max(threads, min(granules, count))]).sorted().map { RankShare(images: count, granules: $0) }
        }
    }

    /// Puts the fitted parts in their places.
    private static func profile(
        _ timings: [KernelTiming], _ fitted: (Int) throws(ProjectionError) -> StepProfile.Pass
    ) throws(ProjectionError) -> StepProfile {
        var layers: [StepProfile.Layer] = []
        var others: [String: WorkTime] = [:]
        for (part, timing) in timings.enumerated() {
            switch timing.pass {
            case .forward:
                layers.append(StepProfile.Layer(forward: try fitted(part), backward: try fitted(part + 1)))
            case .backward: break
            case .rest: others[timing.layer] = try fitted(part).time
            }
        }
        return StepProfile(
            layers: layers, loss: others["loss"] ?? .none,
            update: (others["optimizer"] ?? .none) + (others["exchange"] ?? .none))
    }
}
