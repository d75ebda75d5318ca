import CMappedFiles
import Tensors

/// Images in one or several files of records, one behind the other.
public final class RecordFiles: LabelledImages {
    /// The number of images in use.
    public let count: Int
    /// The extents of every image.
    public let shape: ImageShape
    /// The number of classes.
    public let classes: Int
    /// What each class is called.
    public let classNames: [String]
    let files: [MappedRecords]
    private let starts: [Int]

    /// The records of `paths`, all of one format, the first `limit` of them if given. Classes beyond the names go by their
    /// numbers.
    ///
    /// - Throws: `DatasetError` when a file is missing, of the wrong length or has a label out of range.
    public init(
        paths: [String], _ format: RecordFormat, limit: Int? = nil, classNames names: [String] = []
    ) throws(DatasetError) {
        var files: [MappedRecords] = []
        var starts: [Int] = []
        var total = 0
        for path in paths {
            let file = try MappedRecords(path: path, format)
            files.append(file)
            starts.append(total)
            total += file.count
        }
        shape = format.shape
        classes = format.classes
        classNames = (0..<format.classes).map { $0 < names.count ? names[$0] : "\($0)" }
        self.files = files
        self.starts = starts
        count = min(total, limit ?? total)
    }

    /// The class of an image.
    public func label(at index: Int) -> UInt8 {
        let (file, record) = place(of: index)
        return file.label(at: record)
    }

    /// The first byte of an image's planes.
    public func pixels(at index: Int) -> UnsafePointer<UInt8> {
        let (file, record) = place(of: index)
        return file.pixels(at: record)
    }

    /// A digest over the files' digests and the number of images in use.
    public func contentDigest() -> String {
        let text = files.map { $0.digest() }.joined(separator: ",") + ":\(count)"
        return Array(text.utf8).withUnsafeBytes { SHA256.hexDigest($0) }
    }

    /// Checks that what was read until now is the files' content.
    ///
    /// - Throws: `DatasetError` naming a file in use that has become shorter or unreadable.
    public func requireIntact() throws(DatasetError) {
        for (file, start) in zip(files, starts) where start < count { try file.requireIntact() }
    }

    /// From now on, reading bytes that a file has lost since it was opened gives zeros, and `requireIntact()` tells;
    /// otherwise the system ends the process by SIGBUS. It is a setting of the whole process, for programs to make.
    public static func catchShortening() { lockstep_catch_torn_mappings() }

    private func place(of index: Int) -> (MappedRecords, Int) {
        precondition(index >= 0 && index < count, "image \(index) of \(count)")
        let file = starts.lastIndex { $0 <= index }!
        return (files[file], index - starts[file])
    }
}
