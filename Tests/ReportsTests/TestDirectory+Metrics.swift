import Foundation
import TestSupport

extension TestDirectory {
    /// The metrics file of a run in this directory.
    var metrics: String { file("metrics.jsonl") }

    /// The text of the metrics file.
    func text() throws -> String { try String(contentsOfFile: metrics, encoding: .utf8) }

    /// Replaces the metrics file.
    func write(_ text: String) throws { try text.write(toFile: metrics, atomically: false, encoding: .utf8) }
}
