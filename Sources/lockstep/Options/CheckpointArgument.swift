import Checkpoints
import CommandLineArguments
import Failures
import Foundation
import Training

/// A checkpoint that a person names: a file, or a run directory for its newest good one.
enum CheckpointArgument {
    static let definition = PositionalDefinition("CHECKPOINT", help: help)

    static let help = "a checkpoint file, or a run directory for its newest good one"

    /// Reads it.
    ///
    /// - Throws: `CheckpointError`, or `RunFailure` when a directory holds no good checkpoint.
    static func read(_ path: String) throws -> Checkpoint {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
            return try newest(in: path).checkpoint
        }
        return try Checkpoint(path: path)
    }

    /// The newest good checkpoint of a run directory, with a sentence for each one that was passed over.
    static func newest(in directory: String) throws -> (checkpoint: Checkpoint, skipped: [String]) {
        let search = try CheckpointDirectory(path: directory).newestValid()
        let skipped = search.skipped.map { "Passed over: \($0.description)" }
        guard let checkpoint = search.checkpoint else {
            let reasons = skipped.isEmpty ? "" : " " + skipped.joined(separator: " ")
            throw RunFailure(
                .checkpoint,
                "\(directory) holds no good checkpoint; give the directory of another run, or start a new one in another --output."
                    + reasons)
        }
        return (checkpoint, skipped)
    }
}
