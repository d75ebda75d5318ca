import Foundation

/// A temporary directory with small files in CIFAR-10's form.
final class RecordDirectory: Sendable {
    let path: String

    static let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]

    /// `records` records in each file; record r of file f has label (r + f) % 10 and pixels that tell f, r and place.
    init(records: Int = 3) throws {
        path = NSTemporaryDirectory() + "lockstep-records-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (file, name) in Self.names.enumerated() {
            var bytes: [UInt8] = []
            for record in 0..<records {
                bytes.append(UInt8((record + file) % 10))
                bytes += (0..<3072).map { Self.pixel(file: file, record: record, element: $0) }
            }
            try write(bytes, to: name)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static func pixel(file: Int, record: Int, element: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: file * 50 + record * 17 + element)
    }

    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))) }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }
}
