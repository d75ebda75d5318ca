import Failures
import Foundation
import Tensors

/// A regular file that is open for reading, closed with its last reference.
///
/// It is read and not mapped into memory: a mapped file that another program shortens kills the reader.
final class InputFile: Sendable {
    /// The path it was opened by.
    let path: String
    /// Its length in bytes when it was opened.
    let byteCount: Int
    private let descriptor: Int32

    /// Opens a file; directories, pipes and devices are refused without blocking.
    init(path: String) throws(CheckpointError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let number = errno
            if number == ENOENT || number == ENOTDIR {
                throw CheckpointError(.missing, "\(path) does not exist. Check the path.")
            }
            throw Self.unreadable(path, number)
        }
        var status = stat()
        let number = fstat(descriptor, &status) == 0 ? 0 : errno
        guard number == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            if number != 0 { throw Self.unreadable(path, number) }
            throw CheckpointError(.unreadable, "\(path) is not a file. Give the path of a .safetensors file.")
        }
        self.path = path
        byteCount = Int(status.st_size)
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The bytes of a range that lies within the file.
    func read(_ range: Range<Int>) throws(CheckpointError) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
        // An array of no capacity is the one empty array that all threads share, and its count would be written.
        if range.isEmpty { return [] }
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count {
                let count = pread(
                    descriptor, buffer.baseAddress! + filled, range.count - filled, range.lowerBound + filled)
                if count > 0 { filled += count }
                if count < 0 && errno != EINTR { failure = errno }
                if count == 0 || failure != 0 { return }
            }
        }
        guard failure == 0 else { throw Self.unreadable(path, failure) }
        guard bytes.count == range.count else {
            throw CheckpointError.damaged(path, because: "it became shorter while it was read")
        }
        return bytes
    }

    private static func unreadable(_ path: String, _ number: Int32) -> CheckpointError {
        CheckpointError(
            number == EACCES || number == EPERM ? .forbidden : .unreadable,
            "\(path) cannot be read: \(SystemReason.text(of: number)). "
                + "\(SystemLimits.adviceOnFiles(number) ?? "Check its permissions and the disk it lies on").")
    }
}
