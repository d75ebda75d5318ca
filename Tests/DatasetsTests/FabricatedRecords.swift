import Datasets
import Tensors
import TestSupport
/// Small files of CIFAR-10 records with known bytes.
enum FabricatedRecords {
    static let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
    static let recordBytes = 3073
    static let format = RecordFormat(
        labelBytes: 1, labelIndex: 0, classes: 10, shape: ImageShape(height: 32, width: 32, channels: 3))

    /// The label that record `record` of file `file` is given.
    static func label(file: Int, record: Int) -> UInt8 { UInt8((file * 3 + record) % 10) }

    /// A pixel byte that tells file, record and place apart.
    static func pixel(file: Int, record: Int, place: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: file * 89 + record * 37 + place * 7 + place / 251)
    }

    static func bytes(file: Int, records: Int) -> [UInt8] {
        (0..<records).flatMap { record in
            [label(file: file, record: record)]
                + (0..<recordBytes - 1).map { pixel(file: file, record: record, place: $0) }
        }
    }

    /// Six files; the one numbered n, from 0, holds n + 1 records.
    static func directory() throws -> TestDirectory {
        let directory = try TestDirectory()
        for (file, name) in names.enumerated() {
            try directory.write(bytes(file: file, records: file + 1), name)
        }
        return directory
    }
}
