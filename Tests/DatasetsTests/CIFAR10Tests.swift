import Datasets
import Foundation
import Testing

@Suite("CIFAR-10 files")
struct CIFAR10Tests {
    // Guards: labels and pixels of every record, across file borders, and the training files' order.
    @Test func readsRecordsAcrossFiles() throws {
        let directory = try RecordDirectory()
        let set = try CIFAR10(directory: directory.path)
        #expect(set.training.count == 15 && set.test.count == 3)
        for index in 0..<15 {
            #expect(set.training.label(at: index) == UInt8((index % 3 + index / 3) % 10))
            let pixels = set.training.pixels(at: index)
            #expect(
                [0, 1, 1024, 3071].allSatisfy {
                    pixels[$0] == RecordDirectory.pixel(file: index / 3, record: index % 3, element: $0)
                })
        }
        #expect(set.test.pixels(at: 2)[5] == RecordDirectory.pixel(file: 5, record: 2, element: 5))
    }

    // Guards: limits take the first images, and more than there are is all of them.
    @Test func limitsTakeTheFirst() throws {
        let directory = try RecordDirectory()
        let set = try CIFAR10(directory: directory.path, limitTrain: 4, limitTest: 99)
        #expect(set.training.count == 4 && set.test.count == 3)
        #expect(set.training.contentDigest() != (try CIFAR10(directory: directory.path)).training.contentDigest())
    }

    // Guards: files of the right form that are not the official ones are taken, with a notice for each.
    @Test func otherFilesAreNoticed() throws {
        let directory = try RecordDirectory()
        let notices = try CIFAR10(directory: directory.path).digestNotices()
        #expect(notices.count == 6)
        #expect(notices[2].contains("data_batch_3.bin") && notices[2].contains("not the official"))
    }

    // Guards: damage is a sentence that names the file and the place, and no crash.
    @Test func damageIsASentence() throws {
        func sentence(_ damage: (RecordDirectory) throws -> Void) throws -> String {
            let directory = try RecordDirectory()
            try damage(directory)
            do {
                _ = try CIFAR10(directory: directory.path)
                return ""
            } catch {
                return error.description
            }
        }
        let files = FileManager.default
        #expect(
            try sentence { try files.removeItem(atPath: $0.path + "/data_batch_4.bin") }.contains("data_batch_4.bin"))
        #expect(try sentence { try $0.write([], to: "test_batch.bin") }.contains("test_batch.bin has 0 bytes"))
        #expect(
            try sentence { try $0.write(Array($0.read("data_batch_2.bin").dropLast()), to: "data_batch_2.bin") }
                .contains("data_batch_2.bin has 9218 bytes"))
        let mislabelled = try sentence {
            var bytes = try $0.read("data_batch_1.bin")
            bytes[3073 * 2] = 10
            try $0.write(bytes, to: "data_batch_1.bin")
        }
        #expect(mislabelled.contains("label 10 in record 2"))
        let directoryInstead = try sentence {
            try files.removeItem(atPath: $0.path + "/data_batch_1.bin")
            try files.createDirectory(atPath: $0.path + "/data_batch_1.bin", withIntermediateDirectories: true)
        }
        #expect(directoryInstead.contains("no regular file"))
    }

    // Guards: the fingerprint of a run's data notices any changed byte, label bytes included.
    @Test(arguments: [0, 1, 3073, 9218])
    func digestNoticesEveryByte(position: Int) throws {
        let directory = try RecordDirectory()
        let before = try CIFAR10(directory: directory.path).training.contentDigest()
        var bytes = try directory.read("data_batch_5.bin")
        bytes[position] ^= 1
        try directory.write(bytes, to: "data_batch_5.bin")
        #expect(try CIFAR10(directory: directory.path).training.contentDigest() != before)
    }

    private static let realData = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("data/cifar-10-batches-bin").path

    // Guards, where the data set is present: the reader on the real files.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: realData + "/test_batch.bin")))
    func readsTheRealData() throws {
        let set = try CIFAR10(directory: Self.realData)
        #expect(set.training.count == 50_000 && set.test.count == 10_000)
        #expect(set.digestNotices().isEmpty)
        var counts = [Int](repeating: 0, count: 10)
        for index in 0..<50_000 { counts[Int(set.training.label(at: index))] += 1 }
        #expect(counts == [Int](repeating: 5_000, count: 10))
        let normalization = Normalization(of: set.training)
        let mean = normalization.mean.reduce(0, +) / 3072
        #expect(abs(mean - 0.4734) < 1e-3)
    }
}
