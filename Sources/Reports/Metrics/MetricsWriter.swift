import Failures
import Foundation

/// Writes `metrics.jsonl`: one `MetricsRecord` a line, each line handed to the system at once.
///
/// A line that cannot be written is kept in memory and tried again with the next one, so that the file never lacks a line
/// between two others. A crash can tear at most the last line, and `init(resuming:afterStep:)` removes what it left.
public final class MetricsWriter {
    /// The file.
    public let path: String
    private let descriptor: Int32
    private var unwritten: [UInt8] = []

    /// Starts the file of a new run.
    /// - Throws: `ReportError` when the file exists already or cannot be created.
    public init(creating path: String) throws(ReportError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw errno == EEXIST
                ? .alreadyExists(path: path) : .cannotOpen(path: path, reason: SystemReason.last)
        }
    }

    /// Goes on with the file of a run that is resumed after a step; the file is created when there is none.
    ///
    /// Records of later steps and a torn last line are removed first, so that no step is recorded twice.
    /// - Throws: `ReportError` when the file cannot be read, rewritten or opened; the old file is then still whole.
    public convenience init(resuming path: String, afterStep step: Int) throws(ReportError) {
        try Self.truncate(path: path, afterStep: step)
        try self.init(appending: path)
    }

    /// Goes on with a file as it is; it is created when there is none.
    package init(appending path: String) throws(ReportError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: SystemReason.last) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Adds a line, after those that could not be written before.
    /// - Throws: `ReportError.cannotWrite`, for example when the disk is full; the line is kept for the next attempt.
    public func append(_ record: MetricsRecord) throws(ReportError) {
        unwritten += (record.line + "\n").utf8
        try writeKeptLines()
    }

    /// Brings all lines to the disk, those that could not be written before included.
    /// - Throws: `ReportError.lostLines` when this last attempt fails as well.
    public func finish() throws(ReportError) {
        let count = max(1, unwritten.count { $0 == UInt8(ascii: "\n") })
        do throws(ReportError) {
            try writeKeptLines()
        } catch {
            throw .lostLines(count, error)
        }
        // Network file systems may report a full disk only now; others cannot sync, as pipes.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw .lostLines(count, .cannotWrite(path: path, reason: SystemReason.last))
        }
    }

    private func writeKeptLines() throws(ReportError) {
        let end = lseek(descriptor, 0, SEEK_END)
        do throws(ReportError) {
            try Self.write(unwritten, to: descriptor, path: path)
            unwritten = []
        } catch {
            // What fitted of a line would run into the next one. Nothing more can be done if this fails as well.
            if end >= 0 { _ = ftruncate(descriptor, end) }
            throw error
        }
    }

    /// Removes the records of steps later than `step` and a torn last line. Does nothing when there is no file.
    ///
    /// The remaining lines are written to a temporary file beside it, which then takes its place at once. Of a symbolic
    /// link that is the file it leads to; the link stays. Complete lines that are not records stay as they are.
    /// - Throws: `ReportError`; the file is then unchanged.
    public static func truncate(path: String, afterStep step: Int) throws(ReportError) {
        guard access(path, F_OK) == 0 else { return }
        let lines = try MetricsReader.completeLines(path: path)
        let kept = lines.filter { line in
            MetricsRecord(line: String(decoding: line, as: UTF8.self)).map { $0.step <= step } ?? true
        }
        let content = Data(kept.map { $0 + Data("\n".utf8) }.joined())
        var status = stat()
        if kept.count == lines.count, stat(path, &status) == 0, Int(status.st_size) == content.count { return }

        guard let target = realpath(path, nil) else { throw .cannotOpen(path: path, reason: SystemReason.last) }
        defer { free(target) }
        let temporary = String(cString: target) + ".partial"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotOpen(path: temporary, reason: SystemReason.last) }
        defer { close(descriptor) }
        do throws(ReportError) {
            try write(Array(content), to: descriptor, path: temporary)
            guard fsync(descriptor) == 0, rename(temporary, target) == 0 else {
                throw .cannotWrite(path: path, reason: SystemReason.last)
            }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(ReportError) {
        guard let failure = PartialWrite(bytes[...], to: descriptor, waiting: -1).failure else { return }
        throw .cannotWrite(path: path, reason: SystemReason.text(of: failure))
    }
}
