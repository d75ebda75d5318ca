import Foundation
import Projection
import Reports

/// A projection for people.
package enum ProjectionTable {
    /// The profile, the comparison with measurements, a table for each method, and the assumptions.
    package static func text(_ result: ProjectionResult) -> String {
        var parts = [ProjectionResult.warning, profile(result)]
        if !result.comparisons.isEmpty || !result.remarks.isEmpty {
            parts.append(([comparison(result)] + result.remarks).joined(separator: "\n"))
        }
        parts.append(
            result.networks.map { "\($0.name): \(NetworkTable.describe($0))." }.joined(separator: "\n"))
        parts += result.curves.map(scaling)
        parts.append(
            "Assumptions:\n"
                + Assumptions.sentences(profiledRanks: result.measurement.ranks).map { "- \($0)" }.joined(
                    separator: "\n"))
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// The titles of the comparison.
    package static let comparisonTitles = ["Ranks", "Batch", "Measured", "Closed form", "Simulated", "Off by"]

    /// The rows of the comparison.
    package static func comparisonRows(_ result: ProjectionResult) -> [[String]] {
        result.comparisons.map { comparison in
            [
                "\(comparison.measured.ranks)", "\(comparison.measured.globalBatch)",
                DurationFormat.milliseconds(comparison.measured.seconds),
                DurationFormat.milliseconds(comparison.projected.analyticSeconds),
                DurationFormat.milliseconds(comparison.projected.seconds),
                NetworkTable.signedPercentage(comparison.error),
            ]
        }
    }

    /// How well the fitted profile gives back the steps it was fitted to.
    package static let profileTitles = ["Images of one rank", "Granules", "Measured", "Fitted", "Off by"]

    /// The rows of the profile.
    package static func profileRows(_ result: ProjectionResult) -> [[String]] {
        result.measurement.steps.map { step in
            let fitted = result.measurement.profile.step.seconds(step.share)
            return [
                "\(step.share.images)", "\(step.share.granules)", DurationFormat.milliseconds(step.seconds),
                DurationFormat.milliseconds(fitted),
                NetworkTable.signedPercentage(fitted / step.seconds - 1),
            ]
        }
    }

    /// The step's fixed time and its time for an image.
    package static func profileSentence(_ result: ProjectionResult) -> String {
        let step = result.measurement.profile.step
        let images = result.measurement.steps.map(\.share.images)
        let ranks = result.measurement.ranks
        return "A step of one rank takes \(DurationFormat.milliseconds(step.fixed)), "
            + "\(DurationFormat.milliseconds(step.image)) an image and \(DurationFormat.milliseconds(step.granule)) a "
            + "granule, measured from \(images.min() ?? 0) to \(images.max() ?? 0) images on "
            + (ranks == 1 ? "one rank alone." : "\(ranks) ranks at once.")
    }

    private static func profile(_ result: ProjectionResult) -> String {
        profileSentence(result) + "\n" + table(profileTitles, profileRows(result))
    }

    private static func comparison(_ result: ProjectionResult) -> String {
        guard !result.comparisons.isEmpty else { return "No measured step can be predicted." }
        return "Measured steps, and what the model says:\n" + table(comparisonTitles, comparisonRows(result))
    }

    private static func scaling(_ curves: [ScalingCurve]) -> String {
        let titles = ["Ranks"] + curves.flatMap { [$0.network.name, "eff."] }
        let rows = curves[0].steps.indices.map { index in
            ["\(curves[0].steps[index].ranks)"]
                + curves.flatMap { curve in
                    let step = curve.steps[index]
                    return [
                        NumberFormat.rate(step.imagesPerSecond),
                        String(format: "%.0f%%", curve.efficiency(of: step) * 100),
                    ]
                }
        }
        return
            (["PROJECTED images/s and efficiency, \(curves[0].method.words):", table(titles, rows)]
            + curves.map { "\($0.network.name): \($0.sentence)" }).joined(separator: "\n")
    }

    private static func table(_ titles: [String], _ rows: [[String]]) -> String {
        var table = Table(titles.map { Table.Column($0, .right) })
        for row in rows { table.addRow(row) }
        return table.text
    }
}
