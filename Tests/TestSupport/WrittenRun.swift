import Foundation

/// What a training has written into its directory so far: how a test knows how far the training is.
public struct WrittenRun {
    /// The run directory.
    public let path: String

    /// The run that writes into `path`, which need not exist yet.
    public init(_ path: String) {
        self.path = path
    }

    /// The steps in the metrics, in their order; a line that is being written does not count.
    public var steps: [Int] {
        guard let text = try? String(contentsOfFile: path + "/metrics.jsonl", encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap { line in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?["kind"] as? String == "step" ? object?["step"] as? Int : nil
        }
    }

    /// The last step in the metrics; 0 before the first.
    public var lastStep: Int { steps.last ?? 0 }

    /// The step of the newest checkpoint by name, whether or not it is a good one; 0 before the first.
    public var newestCheckpoint: Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasPrefix("checkpoint-") && $0.hasSuffix(".safetensors") }
            .compactMap { Int($0.dropFirst("checkpoint-".count).dropLast(".safetensors".count)) }.max() ?? 0
    }

    /// Whether a checkpoint is on its way to disk.
    public var isSaving: Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.contains { $0.hasSuffix(".partial") }
    }
}
