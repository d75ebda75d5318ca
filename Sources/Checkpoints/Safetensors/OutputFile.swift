import Failures
import Foundation
import Tensors

/// A file that appears under its name whole and synced to disk, or not at all.
///
/// The bytes go to a temporary file in the same directory, which is synced and renamed over the target; the directory
/// is synced last. A failure removes the temporary file and leaves an earlier file of that name as it was.
package struct OutputFile: ~Copyable {
    /// How the names of temporary files end.
    static let temporarySuffix = ".partial"

    private let path: String
    private let directory: String
    private let temporaryPath: String
    private var descriptor: Int32
    private var isCommitted = false

    /// Creates the temporary file beside `path`.
    package init(replacing path: String) throws(CheckpointError) {
        self.path = path
        let slash = path.lastIndex(of: "/")
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        // Dot-files are never taken for checkpoints; the process number keeps two writers apart.
        temporaryPath = "\(directory)/.\(name).\(getpid())\(Self.temporarySuffix)"
        unlink(temporaryPath)
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        if descriptor < 0 {
            isCommitted = true  // There is nothing to remove.
            throw Self.unwritable(path, errno)
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if !isCommitted { unlink(temporaryPath) }
    }

    /// Appends bytes.
    package func append(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        var written = 0
        while written < bytes.count {
            // Linux writes at most 2 GiB at once; smaller runs also let a signal through.
            let count = write(descriptor, bytes.baseAddress! + written, min(bytes.count - written, 1 << 26))
            if count > 0 { written += count }
            if count < 0 && errno != EINTR { throw Self.unwritable(path, errno) }
            if count == 0 { throw Self.unwritable(path, EIO) }
        }
    }

    /// Brings the file to disk under its name; nothing is left to undo afterwards.
    package consuming func commit() throws(CheckpointError) {
        guard fsync(descriptor) == 0 else { throw Self.unwritable(path, errno) }
        let closed = close(descriptor)
        let closeNumber = errno
        descriptor = -1
        // Network file systems may report a full disk only now.
        guard closed == 0 else { throw Self.unwritable(path, closeNumber) }
        guard rename(temporaryPath, path) == 0 else { throw Self.unwritable(path, errno) }
        isCommitted = true
        try Self.sync(directory: directory, for: path)
    }

    /// Makes the new name itself survive a power cut.
    private static func sync(directory: String, for path: String) throws(CheckpointError) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unwritable(path, errno) }
        defer { close(descriptor) }
        // Some file systems cannot sync directories and say EINVAL or ENOTSUP; they do what they can by themselves.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else { throw unwritable(path, errno) }
    }

    private static func unwritable(_ path: String, _ number: Int32) -> CheckpointError {
        let advice =
            switch number {
            case ENOSPC, EDQUOT: "Free some space, or choose another directory"
            case EFBIG: "Raise the limit on file sizes, or choose another directory"
            case ENOENT: "Its directory does not exist: create it, or choose another one"
            default: SystemLimits.adviceOnFiles(number) ?? "Make its directory writable, or choose another one"
            }
        return CheckpointError(
            .unwritable,
            "\(path) cannot be written: \(SystemReason.text(of: number)). \(advice); earlier checkpoints are "
                + "untouched.")
    }
}
