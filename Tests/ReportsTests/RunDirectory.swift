import Foundation

/// A directory of one test, removed when the test is over.
final class RunDirectory {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("reports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The metrics file of the run.
    var metrics: String { path + "/metrics.jsonl" }

    /// The text of the metrics file.
    func text() throws -> String { try String(contentsOfFile: metrics, encoding: .utf8) }

    /// Replaces the metrics file.
    func write(_ text: String) throws { try text.write(toFile: metrics, atomically: false, encoding: .utf8) }
}
