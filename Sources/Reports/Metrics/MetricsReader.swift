import Failures
import Foundation

/// Reads `metrics.jsonl` back.
public enum MetricsReader {
    /// All records of a file, in its order.
    ///
    /// A last line without its newline was torn by a crash and is passed over, as are empty lines.
    /// - Throws: `ReportError` when the file cannot be read or a complete line is not a record.
    public static func records(path: String) throws(ReportError) -> [MetricsRecord] {
        var records: [MetricsRecord] = []
        for (index, line) in try completeLines(path: path).enumerated() where !line.isEmpty {
            guard let record = MetricsRecord(line: String(decoding: line, as: UTF8.self)) else {
                throw .damagedLine(path: path, line: index + 1)
            }
            records.append(record)
        }
        return records
    }

    /// The lines that end in a newline, without it.
    static func completeLines(path: String) throws(ReportError) -> [Data] {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw .cannotRead(path: path, reason: SystemReason.text(of: error))
        }
        return data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    }
}
