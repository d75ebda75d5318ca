import Foundation

/// The checkpoints of one run: `checkpoint-00000391.safetensors` and the like in the run's directory.
public struct CheckpointDirectory: Sendable {
    private static let prefix = "checkpoint-"
    private static let suffix = ".safetensors"
    /// A temporary file that was not written to for this many seconds belongs to a process that was killed.
    private static let abandonedAfter: TimeInterval = 600

    /// The directory's path.
    public let path: String

    /// The directory at `path`, which need not exist until it is read or written.
    public init(path: String) {
        self.path = path
    }

    /// The name of the checkpoint after `step` steps: the step has at least eight digits.
    public static func fileName(step: Int) -> String {
        precondition(step >= 0)
        let digits = String(step)
        return prefix + String(repeating: "0", count: max(8 - digits.count, 0)) + digits + suffix
    }

    /// The checkpoints there are, by ascending step; other files are passed over.
    ///
    /// - Throws: `CheckpointError` when the directory is missing or unreadable.
    public func list() throws(CheckpointError) -> [CheckpointLocation] {
        try names().compactMap(location).sorted { $0.step < $1.step }
    }

    /// Opens the checkpoints, newest first, until one is good: header, length and SHA-256 are checked, and that a run can
    /// go on from its numbers.
    ///
    /// - Throws: `CheckpointError` when the directory is missing or unreadable, or a file may not be read by this user: it
    ///   may be the good one. Bad files are listed, not thrown.
    public func newestValid() throws(CheckpointError) -> CheckpointSearch {
        var skipped: [CheckpointError] = []
        for location in try list().reversed() {
            do throws(CheckpointError) {
                let checkpoint = try Checkpoint(path: location.path)
                guard checkpoint.isNative else {
                    throw CheckpointError(
                        .unsupported,
                        "\(location.path) was not written by Lockstep and holds no run. Move it out of the directory.")
                }
                try checkpoint.requireUsable()
                return CheckpointSearch(location: location, checkpoint: checkpoint, skipped: skipped)
            } catch {
                if error.problem == .forbidden { throw error }
                skipped.append(error)
            }
        }
        return CheckpointSearch(location: nil, checkpoint: nil, skipped: skipped)
    }

    /// Writes a checkpoint under the step in its metadata (`CheckpointKey.step`), then deletes the oldest ones.
    ///
    /// Of the earlier checkpoints the newest `keep − 1` that are whole by header and length and usable by their numbers
    /// stay, so a bad file never pushes out a good one; nothing is deleted before the new file is safely on disk. Files of later steps stay too:
    /// they belong to another line of the run. Temporary files of killed processes are cleared away first.
    ///
    /// - Parameters:
    ///   - checkpoint: the content.
    ///   - keep: how many checkpoints to keep, the new one included; at least 1. Nil keeps all.
    /// - Returns: where the new checkpoint lies.
    /// - Throws: `CheckpointError` when it cannot be written; then no earlier file was touched. A failure to delete is
    ///   no error: a file too many does no harm.
    @discardableResult
    public func save(_ checkpoint: Checkpoint, keep: Int? = nil) throws(CheckpointError) -> CheckpointLocation {
        let step = try checkpoint.number(CheckpointKey.step)
        let new = CheckpointLocation(step: step, path: "\(path)/\(Self.fileName(step: step))")
        removeAbandonedFiles()
        try checkpoint.write(to: new.path)
        if let keep { prune(before: new, keep: max(keep, 1)) }
        return new
    }

    private func prune(before new: CheckpointLocation, keep: Int) {
        var kept = 1
        let earlier = ((try? list()) ?? []).filter { $0.step < new.step }
        for location in earlier.reversed() {
            if kept >= keep {
                unlink(location.path)
            } else if Self.isGood(location.path) {
                kept += 1
            }
        }
    }

    /// Whether a run could go on from a file; its digest is left out, which would cost more than writing.
    private static func isGood(_ path: String) -> Bool {
        guard let file = try? SafetensorsFile(path: path) else { return false }
        return file.entries.allSatisfy { entry in
            guard let bytes = try? file.bytes(of: entry) else { return false }
            let values = entry.elementType.floats(from: bytes)
            return NamedTensor(name: entry.name, shape: entry.shape, values: values).flaw == nil
        }
    }

    private func removeAbandonedFiles() {
        for name in (try? names()) ?? []
        where name.hasPrefix(".\(Self.prefix)") && name.hasSuffix(OutputFile.temporarySuffix) {
            let file = "\(path)/\(name)"
            let attributes = try? FileManager.default.attributesOfItem(atPath: file)
            guard let date = attributes?[.modificationDate] as? Date else { continue }
            if -date.timeIntervalSinceNow > Self.abandonedAfter { unlink(file) }
        }
    }

    private func names() throws(CheckpointError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            guard FileManager.default.fileExists(atPath: path) else {
                throw CheckpointError(.missing, "\(path) does not exist. Give the directory of an earlier run.")
            }
            throw CheckpointError(.unreadable, "\(path) cannot be listed. Check that it is a directory you may read.")
        }
    }

    private func location(_ name: String) -> CheckpointLocation? {
        guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix) else { return nil }
        let digits = name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)
        // Only the name this program gives counts: `Int` alone would take signs, and other widths name a step twice.
        guard let step = Int(digits), step >= 0, Self.fileName(step: step) == name else { return nil }
        return CheckpointLocation(step: step, path: "\(path)/\(name)")
    }
}

/// A checkpoint file in a run directory, by its name alone.
public struct CheckpointLocation: Sendable, Hashable {
    /// The global step in its name.
    public let step: Int
    /// Its path.
    public let path: String
}

/// What a search for the newest usable checkpoint found.
public struct CheckpointSearch: Sendable {
    /// Where the newest valid checkpoint lies; nil when there is none.
    public let location: CheckpointLocation?
    /// Its content; nil when there is none.
    public let checkpoint: Checkpoint?
    /// Why newer files were passed over, newest first; each sentence names its file.
    public let skipped: [CheckpointError]
}
