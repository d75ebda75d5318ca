import Checkpoints
import Failures
import Foundation
import Layers
import Reports

/// The directory a run writes into.
enum RunDirectory {
    /// Takes the directory of an earlier run, to go on with it, and reads its newest good checkpoint.
    ///
    /// - Parameters:
    ///   - blocks: those that its network may have.
    ///   - hostName: what others are told of where this process runs.
    ///   - note: is told why it takes longer, and what was passed over.
    /// - Throws: `CheckpointError` when it is missing or unreadable; `RunFailure` when another process writes there, or no
    ///   checkpoint is good.
    static func openEarlier(
        _ path: String, blocks: BlockCatalogue, _ hostName: String, _ note: (String) -> Void
    ) throws -> (lock: RunLock, checkpoint: RunCheckpoint) {
        let directory = CheckpointDirectory(path: path)
        // Without a run there is nothing to lock.
        _ = try directory.list()
        // Under the lock: nobody writes a newer checkpoint while this one is read.
        let lock = try RunLock(path, hostName: hostName, note: note)
        return (lock, try RunCheckpoint(reading: directory.newestGood(note: note), blocks: blocks))
    }

    /// Makes the directory of a new run and takes it; `path` is empty for one that is named by the time.
    ///
    /// - Parameters:
    ///   - hostName: what others are told of where this process runs.
    ///   - note: is told why it takes longer.
    /// - Throws: `RunFailure` when it cannot be made, holds a run, or another process writes there.
    static func createLocked(
        _ path: String, _ hostName: String, _ note: (String) -> Void
    ) throws(RunFailure) -> (path: String, lock: RunLock) {
        var path = path
        if path.isEmpty { path = try createNamed() } else { try create(path) }
        let lock = try RunLock(path, hostName: hostName, note: note)
        // Another run may have come and gone before the lock was taken.
        try requireEmpty(path)
        return (path, lock)
    }

    /// Makes a directory below `runs/` for a run that was not given a name, and returns its path: the time, and a number
    /// where runs of the same second have it.
    ///
    /// - Throws: `RunFailure` when it cannot be made.
    private static func createNamed(at time: Date = Date()) throws(RunFailure) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd-HHmmss"
        let name = "runs/" + formatter.string(from: time)
        mkdir("runs", 0o777)
        var path = name
        var count = 1
        // Making it is the test: of several runs that try, one succeeds.
        while mkdir(path, 0o777) != 0 {
            guard errno == EEXIST else { throw impossible(path, SystemReason.last) }
            count += 1
            path = "\(name)-\(count)"
        }
        return path
    }

    /// A directory's path without slashes at its end, so that sentences and the paths below it have none twice.
    static func name(_ path: String) -> String {
        let end = path.lastIndex { $0 != "/" }
        return end.map { String(path[...$0]) } ?? "/"
    }

    /// Makes the directory of a new run. One that holds anything is refused, so that no earlier run is overwritten, but
    /// for what `scripts/keep-running` leaves of starts that wrote no checkpoint.
    ///
    /// - Throws: `RunFailure` when it is not empty or cannot be made.
    private static func create(_ path: String) throws(RunFailure) {
        let files = FileManager.default
        var isDirectory: ObjCBool = false
        if files.fileExists(atPath: path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else {
                throw RunFailure(.output, "\(path) is a file; choose another --output.")
            }
            // Where a lock lies, it is asked first: it can say who writes.
            let names = (try? files.contentsOfDirectory(atPath: path)) ?? []
            if !names.contains(where: RunLock.isLockFile) { try requireEmpty(path) }
        } else {
            if let link = deadLink(in: path) {
                throw RunFailure(
                    .output, "\(link) is a link that leads nowhere; make what it leads to, or choose another --output.")
            }
            do {
                try files.createDirectory(atPath: path, withIntermediateDirectories: true)
            } catch {
                throw impossible(path, SystemReason.text(of: error))
            }
        }
        guard access(path, W_OK) == 0 else {
            throw RunFailure(
                .output,
                "\(path) is not writable: \(SystemReason.last). Check its permissions or choose another --output.")
        }
    }

    /// The first part of a path that is a link to what does not exist, or in a circle.
    private static func deadLink(in path: String) -> String? {
        let ends = path.indices.filter { path[$0] == "/" && $0 > path.startIndex } + [path.endIndex]
        return ends.map { String(path[..<$0]) }.first { part in
            var status = stat()
            guard lstat(part, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return false }
            return stat(part, &status) != 0 && (errno == ENOENT || errno == ELOOP)
        }
    }

    /// Checks that a directory holds no run: a lock alone is none, nor is what earlier starts of the same run leave,
    /// which are the faults that have struck, and directories with what the starts had written.
    ///
    /// - Throws: `RunFailure` when it holds anything else, or cannot be listed.
    private static func requireEmpty(_ path: String) throws(RunFailure) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw RunFailure(
                .output,
                "\(path) cannot be listed: \(SystemReason.text(of: error)). Check its permissions or choose another --output."
            )
        }
        let isNoRun = { name in
            RunLock.isLockFile(name) || name == FaultInjection.recordName || name.hasPrefix("start-")
        }
        guard names.allSatisfy(isNoRun) else {
            throw RunFailure(
                .output,
                "\(path) already holds files; pass --resume to go on with that run, or choose another --output.")
        }
    }

    private static func impossible(_ path: String, _ reason: String) -> RunFailure {
        RunFailure(
            .output, "\(path) cannot be made: \(reason). Check its parent directory or choose another --output.")
    }
}
