import Checkpoints
import CommandLineArguments
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
            return try CheckpointDirectory(path: path).newestGood()
        }
        return try Checkpoint(path: path)
    }
}
