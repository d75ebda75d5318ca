import Foundation
import Tensors

/// A safetensors file that is open for reading; its header is checked strictly, its tensors are read on demand.
///
/// Nothing is allocated beyond the length of the file, whatever its header says.
public struct SafetensorsFile: Sendable {
    /// The path it was opened by.
    public let path: String
    /// The texts that travel with the tensors.
    public let metadata: [String: String]
    /// The tensors in the order of the header.
    public let entries: [SafetensorsEntry]
    private let file: InputFile
    private let dataStart: Int

    /// Opens a file and checks its header against its length.
    ///
    /// - Throws: `CheckpointError` — missing, unreadable, damaged, or unsupported for an element type other than those
    ///   of `ElementType`.
    public init(path: String) throws(CheckpointError) {
        let file = try InputFile(path: path)
        guard file.byteCount >= 8 else {
            throw CheckpointError.damaged(path, because: "it has \(file.byteCount) bytes and no header")
        }
        let length = try file.read(0..<8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * $1.offset) }
        guard length <= UInt64(SafetensorsHeader.longest), length <= UInt64(file.byteCount - 8) else {
            throw CheckpointError.damaged(
                path, because: "it has \(file.byteCount) bytes and its header claims \(length)")
        }
        dataStart = 8 + Int(length)
        let text = try file.read(8..<dataStart)
        do throws(HeaderProblem) {
            let header = try SafetensorsHeader(text: text, dataLength: file.byteCount - dataStart)
            (metadata, entries) = (header.metadata, header.entries)
        } catch {
            throw Self.error(path, error)
        }
        self.path = path
        self.file = file
    }

    /// The bytes of one of the file's tensors, little-endian and row-major.
    ///
    /// - Throws: `CheckpointError` when the disk fails or the file became shorter.
    public func bytes(of entry: SafetensorsEntry) throws(CheckpointError) -> [UInt8] {
        try file.read(dataStart + entry.byteRange.lowerBound..<dataStart + entry.byteRange.upperBound)
    }

    private static func error(_ path: String, _ problem: HeaderProblem) -> CheckpointError {
        guard problem.problem == .unsupported else { return .damaged(path, because: problem.words) }
        let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
        return CheckpointError(
            problem.problem,
            "\(path) cannot be used, because \(problem.words), and only \(known) are read. Convert it to F32 and save it "
                + "again.")
    }
}
