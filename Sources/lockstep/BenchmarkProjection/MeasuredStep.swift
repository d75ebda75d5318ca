import Failures
import Foundation
import Reports
import Training

/// A step that `benchmark throughput --json` measured.
package struct MeasuredStep: Sendable, Equatable {
    /// The ranks.
    package let ranks: Int
    /// The threads of each.
    package let threads: Int
    /// The images of a step over all ranks.
    package let globalBatch: Int
    /// Seconds of the median step.
    package let seconds: Double
    /// Whether threads had to share cores, which no projection knows of.
    package let sharesCores: Bool

    /// Every measurement in a file, one a line; lines that do not begin with { are passed over.
    ///
    /// - Throws: `RunFailure` naming the file and the line that is none, or a file without any.
    package static func all(path: String) throws(RunFailure) -> [MeasuredStep] {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw RunFailure(
                .data, "\(path) cannot be read: \(SystemReason.text(of: error)). Check the path given to --measured.",
                isShared: true)
        }
        var steps: [MeasuredStep] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where line.hasPrefix("{") {
            guard let step = MeasuredStep(line) else {
                throw RunFailure(
                    .data,
                    "Line \(index + 1) of \(path) is no line of 'lockstep benchmark throughput --json'; give only such "
                        + "files to --measured.", isShared: true)
            }
            steps.append(step)
        }
        guard !steps.isEmpty else {
            throw RunFailure(
                .data, "\(path) holds no measurement; write it with 'lockstep benchmark throughput --json > FILE'.",
                isShared: true)
        }
        return steps
    }

    /// The measurement of one line; nil if a value is missing or impossible.
    init?(_ line: Substring) {
        guard let values = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let ranks = values["ranks"] as? Int, let threads = values["threads"] as? Int,
            let batch = values["global_batch"] as? Int, let rate = values["images_per_second"] as? Double,
            threads > 0, rate > 0, (1...1 << 16).contains(ranks), (ranks...1_000_000_000).contains(batch)
        else { return nil }
        self.ranks = ranks
        self.threads = threads
        globalBatch = batch
        seconds = Double(batch) / rate
        sharesCores = values["warning"] is String
    }
}
