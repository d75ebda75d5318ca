/// The time of a step in closed form, for ranks that all run at the same speed.
///
/// Every sum of batch normalisation waits for the rank with the largest share, so that the step is the sum of that
/// rank's computing and of what this does not hide of the messages. The buckets leave through one network in order; bucket
/// b is ready at r_b and takes T_b, so the last one arrives at max over b of r_b + Σ_{j ≥ b} T_j (Lindley's recursion,
/// unrolled).
package enum AnalyticStep {
    /// The seconds of a step by their terms; `.waiting` is zero.
    package static func breakdown(_ program: StepProgram) -> StepBreakdown {
        let share = program.largestShare
        let times = program.buckets.map { $0.reduce(0) { $0 + $1.total } }
        var remaining = times.reduce(0, +)
        var step = StepBreakdown()
        var (arrival, lossArrival) = (0.0, 0.0)
        func compute(_ time: WorkTime) {
            step[.images] += time.image * Double(share.images)
            // A rank has one granule however many ranks there are.
            step[.granules] += time.granule * Double(max(share.granules - 1, 0))
            step[.fixedWork] += time.fixed + time.granule * Double(min(share.granules, 1))
        }
        for event in program.events {
            switch event {
            case .compute(let time): compute(time)
            case .statistics(let time, let cover):
                step[.statisticsLatency] += max(0, time.latency - cover)
                step[.statisticsTransfer] += max(0, time.transfer - max(0, cover - time.latency))
            case .loss(let time): lossArrival = step.total + time.total
            case .buckets(let range):
                arrival = max(arrival, step.total + remaining)
                remaining -= range.reduce(0) { $0 + times[$1] }
            case .finish:
                step[.gradients] += max(0, arrival - step.total)
                step[.otherMessages] += max(0, lossArrival - step.total)
            case .update(let time, let sharing):
                compute(time)
                step[.otherMessages] += max(0, sharing.total - time.seconds(share))
            }
        }
        return step
    }
}
