import Foundation
import Tensors

/// One file of CIFAR-10 records, mapped into memory read-only, so that the ranks of a machine share its pages.
///
/// A record is a label byte and 3072 bytes of pixels.
final class MappedRecords: @unchecked Sendable {
    static let recordBytes = 1 + imageSide * imageSide * imageChannels

    let path: String
    let count: Int
    private let mapping: WatchedMapping

    /// Maps a file and checks its length and every label.
    init(path: String) throws(DatasetError) {
        self.path = path
        // Without O_NONBLOCK, opening a named pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let number = errno
            let advice =
                SystemLimits.adviceOnFiles(number)
                ?? "Run scripts/fetch-cifar10, or pass --data with the directory of the CIFAR-10 binary files"
            throw DatasetError("\(path) cannot be opened: \(String(cString: strerror(number))). \(advice).")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw DatasetError(
                "\(path) is no regular file; pass --data with the directory of the CIFAR-10 binary files.")
        }
        let byteCount = Int(status.st_size)
        guard byteCount > 0, byteCount % Self.recordBytes == 0 else {
            throw DatasetError(
                "\(path) has \(byteCount) bytes, which is no positive multiple of \(Self.recordBytes), the length of a record "
                    + "(the official files have 30730000). Run scripts/fetch-cifar10 to get these again; in data of your own "
                    + "give every image a byte for its class and \(Self.recordBytes - 1) for its pixels.")
        }
        count = byteCount / Self.recordBytes
        mapping = try WatchedMapping(path: path, descriptor: descriptor, byteCount: byteCount)
        for record in 0..<count where label(at: record) >= classCount {
            throw DatasetError("\(path) has label \(label(at: record)) in record \(record)" + labelAdvice)
        }
    }

    private var address: UnsafeRawPointer { mapping.bytes.baseAddress! }

    /// What is said of a file that has labels out of range: which ones it has, and how to go on.
    private var labelAdvice: String {
        let labels = (0..<count).map { label(at: $0) }
        let (least, most) = (labels.min()!, labels.max()!)
        let found = "; its labels run from \(least) to \(most), but classes count from 0 to \(classCount - 1). "
        return found
            + (least > 0 && most - least < classCount
                ? "Subtract \(least) from every label."
                : "Run scripts/fetch-cifar10 to get the official files again, or mend the labels of your own.")
    }

    func label(at index: Int) -> UInt8 {
        address.load(fromByteOffset: index * Self.recordBytes, as: UInt8.self)
    }

    func pixels(at index: Int) -> UnsafePointer<UInt8> {
        (address + index * Self.recordBytes + 1).assumingMemoryBound(to: UInt8.self)
    }

    /// The SHA-256 of the whole file.
    func digest() -> String {
        SHA256.hexDigest(mapping.bytes)
    }

    /// Checks that what was read until now is the file's content.
    ///
    /// - Throws: `DatasetError` when the file has become shorter or unreadable.
    func requireIntact() throws(DatasetError) { try mapping.requireIntact() }
}
