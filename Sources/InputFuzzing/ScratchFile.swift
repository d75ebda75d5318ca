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

/// A new directory for the files of one reader, removed with everything in it together with its last reference.
final class ScratchDirectory {
    let path: String

    /// Creates the directory where temporary files go.
    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "lockstep-fuzz-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The bytes of a file.
    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: file(name)))) }
}
