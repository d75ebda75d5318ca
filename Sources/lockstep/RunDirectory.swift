import Foundation
import Reports
import Training

/// The directory a run writes into.
enum RunDirectory {
    /// `runs/` and the time, for runs that were not given a name.
    static func defaultName() -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd-HHmmss"
        return "runs/" + formatter.string(from: Date())
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
    static func create(_ path: String) throws(RunFailure) {
        let files = FileManager.default
        var isDirectory: ObjCBool = false
        if files.fileExists(atPath: path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else {
                throw RunFailure(.output, "\(path) is a file; choose another --output.")
            }
            let names: [String]
            do {
                names = try files.contentsOfDirectory(atPath: path)
            } catch {
                throw RunFailure(
                    .output,
                    "\(path) cannot be listed: \(SystemReason.text(of: error)). Check its permissions or choose another --output."
                )
            }
            guard names.allSatisfy(isLeftByEarlierStart) else {
                throw RunFailure(
                    .output,
                    "\(path) already holds files; pass --resume to go on with that run, or choose another --output.")
            }
        } else {
            do {
                try files.createDirectory(atPath: path, withIntermediateDirectories: true)
            } catch {
                throw RunFailure(
                    .output,
                    "\(path) cannot be made: \(SystemReason.text(of: error)). Check its parent directory or choose another "
                        + "--output.")
            }
        }
        guard access(path, W_OK) == 0 else {
            throw RunFailure(
                .output,
                "\(path) is not writable: \(SystemReason.last). Check its permissions or choose another --output.")
        }
    }

    /// Whether a name is that of what earlier starts of the same run leave: which faults have struck, and directories
    /// with what the starts had written.
    private static func isLeftByEarlierStart(_ name: String) -> Bool {
        name == FaultInjection.recordName || name.hasPrefix("start-")
    }
}
