import Foundation
import Reports

/// The line that `benchmark throughput --json` prints, as far as scaling is concerned.
package struct ThroughputLine: Equatable {
    /// Images per second of the median step.
    package let imagesPerSecond: Double
    /// The ranks that took part.
    package let ranks: Int
    /// Where the median step went, the mean over the ranks.
    package let account: StepAccount
    /// Why the figure is to be mistrusted; nil if it is not.
    package let warning: String?

    /// Finds the line in what a launcher printed; nil if it is not there, or lacks a value.
    package init?(in output: String) {
        guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("{") }),
            let values = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let rate = values["images_per_second"] as? Double, let ranks = values["ranks"] as? Int, rate > 0,
            StepPhase.allCases.allSatisfy({ values[$0.key] as? Double != nil })
        else { return nil }
        imagesPerSecond = rate
        self.ranks = ranks
        account = StepAccount { values[$0.key] as? Double ?? 0 }
        warning = values["warning"] as? String
    }
}
