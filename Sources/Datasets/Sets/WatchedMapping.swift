import CMappedFiles
import Foundation
import Tensors

/// A file mapped into memory read-only, whose loss of bytes is noticed: what is gone reads as zeros, where
/// `RecordFiles.catchShortening()` was called, instead of ending the process.
final class WatchedMapping: @unchecked Sendable {
    /// The content.
    let bytes: UnsafeRawBufferPointer
    private let path: String
    private let descriptor: Int32
    private let number: Int32

    /// Maps the first `byteCount` bytes of an open file, at least one; `descriptor` stays the caller's.
    init(path: String, descriptor: Int32, byteCount: Int) throws(DatasetError) {
        self.path = path
        guard let mapped = mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0), mapped != MAP_FAILED else {
            let code = errno
            guard code == ENOMEM else {
                throw DatasetError(
                    "\(path) cannot be mapped: \(String(cString: strerror(code))). Put it on another file system.")
            }
            throw DatasetError(
                "\(path) cannot be mapped: \(SystemLimits().onMemory). Raise that limit.", cause: .resources)
        }
        bytes = UnsafeRawBufferPointer(start: mapped, count: byteCount)
        self.descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        number = lockstep_watch_mapping(mapped, byteCount)
    }

    deinit {
        lockstep_forget_mapping(number)
        if descriptor >= 0 { close(descriptor) }
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }

    /// Checks that what was read until now is the file's content. Bytes of a last page that still holds others vanish
    /// without a signal, so the length is asked for, too.
    ///
    /// - Throws: `DatasetError` when bytes are gone.
    func requireIntact() throws(DatasetError) {
        var status = stat()
        let isShorter = descriptor >= 0 && fstat(descriptor, &status) == 0 && Int(status.st_size) < bytes.count
        guard isShorter || lockstep_is_mapping_torn(number) != 0 else { return }
        throw DatasetError(
            "\(path) was shortened while it was in use, or its disk fails: images in it are lost. Restore the file, "
                + "CIFAR-10's with scripts/fetch-cifar10, and start again, a training with --resume.")
    }
}
