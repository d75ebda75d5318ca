import Checkpoints
import Collectives
import CommandLineArguments
import Failures
import Foundation
import Training

/// `lockstep verify PATH`: reads a checkpoint, or all of a run, to the last byte and says which are good.
struct VerifyCommand {
    let arguments: ParsedArguments
    let communicator: any Communicator

    /// - Throws: `RunFailure` with `ExitCode.checkpoint` after all lines when one cannot be used, or none is there.
    func run() throws {
        let path = arguments.positional("PATH") ?? ""
        let damaged = try RankAgreement(communicator).fromDriver {
            let (lines, damaged) = try Self.verify(path)
            try Console.write(lines.map { $0 + "\n" }.joined())
            return damaged
        }
        guard damaged > 0 else { return }
        throw RunFailure(
            .checkpoint,
            "\(damaged) of the checkpoints cannot be used; delete them, --resume goes on from the newest good one.",
            isShared: true)
    }

    /// One line for each checkpoint, and how many a run cannot go on from.
    static func verify(_ path: String) throws -> (lines: [String], damaged: Int) {
        var isDirectory: ObjCBool = false
        var paths = [path]
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
            paths = try CheckpointDirectory(path: path).list().map(\.path)
            guard !paths.isEmpty else {
                throw RunFailure(.checkpoint, "\(path) holds no checkpoint; give the directory of an earlier run.")
            }
        }
        var damaged = 0
        let lines = paths.map { path in
            do throws(CheckpointError) {
                let checkpoint = try Checkpoint(path: path)
                try checkpoint.requireUsable()
                guard checkpoint.isNative, let digest = checkpoint.metadata[CheckpointKey.digest] else {
                    return "readable, without a digest: \(path) was written by another program."
                }
                return "whole: \(path), step \(checkpoint.metadata[CheckpointKey.step] ?? "?"), SHA-256 \(digest)"
            } catch {
                damaged += 1
                return "\(error.problem == .unusable ? "UNUSABLE" : "DAMAGED"): \(error.description)"
            }
        }
        return (lines, damaged)
    }
}
