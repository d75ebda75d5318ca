import Foundation
import Tensors

/// How a record of a file is laid out: some bytes for classes, one of which is used, and those of an image.
public struct RecordFormat: Hashable, Sendable {
    /// The bytes before the image.
    public let labelBytes: Int
    /// Which of them is the class.
    public let labelIndex: Int
    /// The number of classes.
    public let classes: Int
    /// The extents of the image, whose planes lie one behind the other.
    public let shape: ImageShape

    /// Records of `labelBytes` bytes, of which that at `labelIndex` is the class, and an image behind them.
    public init(labelBytes: Int, labelIndex: Int, classes: Int, shape: ImageShape) {
        precondition((0..<labelBytes).contains(labelIndex) && (1...256).contains(classes), "a class is a byte")
        self.labelBytes = labelBytes
        self.labelIndex = labelIndex
        self.classes = classes
        self.shape = shape
    }

    /// The bytes of a record.
    public var byteCount: Int { labelBytes + shape.count }
}

/// One file of records, mapped into memory read-only, so that the ranks of a machine share its pages.
final class MappedRecords: @unchecked Sendable {
    let path: String
    let format: RecordFormat
    let count: Int
    private let mapping: WatchedMapping

    /// Maps a file and checks its length and every label.
    init(path: String, _ format: RecordFormat) throws(DatasetError) {
        self.path = path
        self.format = format
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
        guard byteCount > 0, byteCount % format.byteCount == 0 else {
            throw DatasetError(
                "\(path) has \(byteCount) bytes, which is no positive multiple of \(format.byteCount), the length of a record "
                    + "(CIFAR-10's files have 30730000). Run scripts/fetch-cifar10 to get these again; in data of your own "
                    + "give every image \(format.labelBytes == 1 ? "a byte" : "\(format.labelBytes) bytes") for its class and "
                    + "\(format.shape.count) for its pixels.")
        }
        count = byteCount / format.byteCount
        mapping = try WatchedMapping(path: path, descriptor: descriptor, byteCount: byteCount)
        for record in 0..<count where label(at: record) >= format.classes {
            throw DatasetError("\(path) has label \(label(at: record)) in record \(record)" + labelAdvice)
        }
    }

    private var address: UnsafeRawPointer { mapping.bytes.baseAddress! }

    /// What is said of a file that has labels out of range: which ones it has, and how to go on.
    private var labelAdvice: String {
        let labels = (0..<count).map { label(at: $0) }
        let (least, most) = (labels.min()!, labels.max()!)
        let found = "; its labels run from \(least) to \(most), but classes count from 0 to \(format.classes - 1). "
        return found
            + (least > 0 && most - least < format.classes
                ? "Subtract \(least) from every label."
                : "Run scripts/fetch-cifar10 to get the official files again, or mend the labels of your own.")
    }

    func label(at index: Int) -> UInt8 {
        address.load(fromByteOffset: index * format.byteCount + format.labelIndex, as: UInt8.self)
    }

    func pixels(at index: Int) -> UnsafePointer<UInt8> {
        (address + index * format.byteCount + format.labelBytes).assumingMemoryBound(to: UInt8.self)
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
