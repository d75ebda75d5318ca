import Foundation
import Projection

/// What `benchmark projection --json` prints: one object on one line.
package enum ProjectionDocument {
    /// The line.
    package static func text(_ result: ProjectionResult) -> String {
        let content: [String: Any] = [
            "warning": ProjectionResult.warning,
            "assumptions": Assumptions.sentences(profiledRanks: result.measurement.ranks), "remarks": result.remarks,
            "circumstances": Dictionary(uniqueKeysWithValues: result.circumstances.map { ($0.name, $0.value) }),
            "profile": [
                "fixed_seconds": result.measurement.profile.step.fixed,
                "seconds_per_image": result.measurement.profile.step.image,
                "seconds_per_granule": result.measurement.profile.step.granule, "ranks": result.measurement.ranks,
                "measured": result.measurement.steps.map {
                    ["images": $0.share.images, "granules": $0.share.granules, "seconds": $0.seconds] as [String: Any]
                },
            ] as [String: Any],
            "variation": ["jitter": result.variation.jitter, "slow_rank": result.variation.slowRank],
            "networks": result.networks.map(values),
            "comparisons": result.comparisons.map { comparison -> [String: Any] in
                values(comparison.projected).merging(
                    ["measured_seconds": comparison.measured.seconds, "error": comparison.error]
                ) { first, _ in first }
            },
            "curves": result.curves.joined().map(values),
        ]
        let data = try? JSONSerialization.data(
            withJSONObject: content, options: [.sortedKeys, .withoutEscapingSlashes])
        guard let data else { preconditionFailure("a projection has no form in JSON") }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private static func values(_ network: NetworkModel) -> [String: Any] {
        [
            "name": network.name, "latency": network.latency, "seconds_per_byte": network.secondsPerByte,
            "seconds_per_message": network.secondsPerMessage,
        ]
    }

    private static func values(_ curve: ScalingCurve) -> [String: Any] {
        var content: [String: Any] = [
            "network": curve.network.name, "half_efficient_ranks": curve.reach.ranks, "sentence": curve.sentence,
            "steps": curve.steps.map { step in
                values(step).merging(["efficiency": curve.efficiency(of: step)]) { first, _ in first }
            },
        ]
        switch curve.method {
        case .strong(let batch): content["strong_global_batch"] = batch
        case .weak(let images): content["weak_images_per_rank"] = images
        }
        return content
    }

    private static func values(_ step: ProjectedStep) -> [String: Any] {
        [
            "ranks": step.ranks, "global_batch": step.globalBatch, "analytic_seconds": step.analyticSeconds,
            "simulated_seconds": step.seconds, "images_per_second": step.imagesPerSecond,
            "terms": Dictionary(
                uniqueKeysWithValues: StepTerm.allCases.map { ($0.rawValue + "_seconds", step.breakdown[$0]) }),
            "largest_cost": step.breakdown.obstacle?.rawValue ?? NSNull(),
        ]
    }
}
