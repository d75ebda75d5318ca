import Failures
import Foundation
import Reports
import Training

/// The files that scaling writes: one path with three endings.
struct ScalingFiles {
    private let path: String

    /// Files of a path without ending.
    init(_ path: String) {
        self.path = path
    }

    /// Their names.
    var names: [String] { ["csv", "json", "html"].map { "\(path).\($0)" } }

    /// Checks that all can be written, before anything is measured; makes their directory if need be.
    ///
    /// - Throws: `RunFailure` naming what cannot be written.
    func requireWritable() throws(RunFailure) {
        let files = FileManager.default
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
        let trial = directory.appendingPathComponent(".lockstep-\(UUID().uuidString)")
        do {
            try files.createDirectory(at: directory, withIntermediateDirectories: true)
            try Data("x".utf8).write(to: trial)
            try files.removeItem(at: trial)
        } catch {
            throw RunFailure(
                .output,
                "\(directory.path) cannot be written to: \(SystemReason.text(of: error)). Check its permissions or choose "
                    + "another --output.", isShared: true)
        }
        for name in names {
            var isDirectory: ObjCBool = false
            if files.fileExists(atPath: name, isDirectory: &isDirectory), isDirectory.boolValue {
                throw RunFailure(.output, "\(name) is a directory; choose another --output.", isShared: true)
            }
        }
    }

    /// Writes all three, each whole or not at all; files of an earlier measurement are replaced.
    ///
    /// - Throws: `RunFailure` naming the file that could not be written.
    func write(_ document: ScalingDocument) throws(RunFailure) {
        for (name, text) in zip(names, [document.csv, document.json, document.html]) {
            do {
                try Data(text.utf8).write(to: URL(fileURLWithPath: name), options: .atomic)
            } catch {
                throw RunFailure(
                    .output,
                    "\(name) could not be written (\(SystemReason.text(of: error))); the table above has the "
                        + "figures.", isShared: true)
            }
        }
    }
}
