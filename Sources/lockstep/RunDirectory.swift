import Foundation
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

    /// Makes the directory of a new run. One that holds anything is refused, so that no earlier run is overwritten.
    ///
    /// - Throws: `RunFailure` when it is not empty or cannot be made.
    static func create(_ path: String) throws(RunFailure) {
        let files = FileManager.default
        var isDirectory: ObjCBool = false
        if files.fileExists(atPath: path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else {
                throw RunFailure(.output, "\(path) is a file; choose another --output.")
            }
            guard let names = try? files.contentsOfDirectory(atPath: path) else {
                throw RunFailure(.output, "\(path) cannot be listed; check its permissions or choose another --output.")
            }
            guard names.isEmpty else {
                throw RunFailure(
                    .output,
                    "\(path) already holds files; pass --resume to go on with that run, or choose another --output.")
            }
        } else {
            do {
                try files.createDirectory(atPath: path, withIntermediateDirectories: true)
            } catch {
                throw RunFailure(
                    .output, "\(path) cannot be made; check its parent directory or choose another --output.")
            }
        }
        guard files.isWritableFile(atPath: path) else {
            throw RunFailure(.output, "\(path) is not writable; check its permissions or choose another --output.")
        }
    }
}
