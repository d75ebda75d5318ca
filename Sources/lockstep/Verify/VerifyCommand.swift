import Checkpoints
import Collectives
import CommandLineArguments
import Failures
import Foundation
import Training

/// `lockstep verify PATH`: reads a checkpoint, or all of a run, to the last byte and says which are good.
struct VerifyCommand: Command {
    static let definition = CommandDefinition(
        "verify", summary: "check the digests of a checkpoint, or of all those of a run",
        discussion:
            "Nothing is changed. Ends with 0 when all are whole and hold numbers to go on from, with 4 otherwise.",
        positionals: [path])

    private static let path = PositionalDefinition("PATH", help: "a checkpoint file or a run directory")

    let arguments: ParsedArguments
    let communicator: any Communicator

    /// - Throws: `RunFailure` with `ExitCode.checkpoint` after all lines when one cannot be used or read, or none is there.
    func run() throws {
        let path = arguments[Self.path]
        let complaint = try RankAgreement(communicator).fromDriver {
            let verdicts = try Self.verify(path)
            try Console.write(verdicts.map { $0.line + "\n" }.joined())
            return Self.complaint(verdicts)
        }
        if let complaint { throw RunFailure(.checkpoint, complaint, isShared: true) }
    }

    /// What is found of one checkpoint.
    struct Verdict {
        let line: String
        /// nil for one that a run can go on from.
        var problem: CheckpointProblem?

        /// Of the file nothing is known but that it could not be read.
        var isUnread: Bool { problem == .forbidden || problem == .unreadable }
    }

    /// A verdict for each checkpoint.
    static func verify(_ path: String) throws -> [Verdict] {
        var isDirectory: ObjCBool = false
        var paths = [path]
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
            paths = try CheckpointDirectory(path: path).list().map(\.path)
            guard !paths.isEmpty else {
                throw RunFailure(.checkpoint, "\(path) holds no checkpoint; give the directory of an earlier run.")
            }
        }
        return paths.map { path in
            do throws(CheckpointError) {
                let checkpoint = try Checkpoint(path: path)
                try checkpoint.requireUsable()
                guard checkpoint.isNative, let digest = checkpoint.metadata[CheckpointKey.digest] else {
                    return Verdict(line: "readable, without a digest: \(path) was written by another program.")
                }
                return Verdict(
                    line: "whole: \(path), step \(checkpoint.metadata[CheckpointKey.step] ?? "?"), SHA-256 \(digest)")
            } catch {
                let word =
                    switch error.problem {
                    case .forbidden, .unreadable: "UNREADABLE"
                    case .unusable, .unsupported: "UNUSABLE"
                    default: "DAMAGED"
                    }
                return Verdict(line: "\(word): \(error.description)", problem: error.problem)
            }
        }
    }

    /// What to do about those that a run cannot go on from; nil where there are none.
    private static func complaint(_ verdicts: [Verdict]) -> String? {
        let bad = verdicts.filter { $0.problem != nil }
        let (unread, useless) = (bad.count { $0.isUnread }, bad.count { !$0.isUnread })
        var sentences: [String] = []
        if useless > 0 {
            sentences.append(
                "\(useless) of the checkpoints cannot be used; delete them, --resume goes on from the newest good one.")
        }
        if unread > 0 {
            sentences.append(
                "\(unread) of the checkpoints cannot be read and may be good; see to that this user may read them, and verify "
                    + "again.")
        }
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }
}
