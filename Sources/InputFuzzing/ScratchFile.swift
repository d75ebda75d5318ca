import Foundation

/// A file for one input after the other, removed with its last reference. Used by one thread.
final class ScratchFile {
    let path: String
    private let descriptor: Int32

    /// Creates an empty file.
    ///
    /// - Throws: `BrokenPromise` when the system does not allow it.
    init(path: String) throws(BrokenPromise) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try BrokenPromise.unless(descriptor >= 0, "\(path) cannot be created; give TMPDIR a directory with room.")
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(path)
    }

    /// Replaces the whole content.
    ///
    /// - Throws: `BrokenPromise` when the disk is full.
    func fill(_ bytes: [UInt8]) throws(BrokenPromise) {
        let isWritten = bytes.withUnsafeBytes { buffer in
            ftruncate(descriptor, off_t(buffer.count)) == 0
                && pwrite(descriptor, buffer.baseAddress, buffer.count, 0) == buffer.count
        }
        try BrokenPromise.unless(isWritten, "\(path) cannot be written; give TMPDIR a directory with room.")
    }
}
