import Datasets
import Foundation
import TestSupport
import Testing

@Suite("CIFAR-10 reader on fabricated files")
struct CIFARTests {
    @Test("labels and pixels are those of the right record across file borders")
    func content() throws {
        let directory = try FabricatedRecords.directory()
        let data = try CIFAR(directory: directory.path)
        #expect(data.training.count == 15)
        #expect(data.test.count == 6)
        var index = 0
        for file in 0..<5 {
            for record in 0...file {
                expect(data.training, index, file: file, record: record)
                index += 1
            }
        }
        for record in 0..<6 { expect(data.test, record, file: 5, record: record) }
    }

    private func expect(_ images: RecordFiles, _ index: Int, file: Int, record: Int) {
        #expect(images.label(at: index) == FabricatedRecords.label(file: file, record: record))
        let pixels = Array(UnsafeBufferPointer(start: images.pixels(at: index), count: 3072))
        let expected = (0..<3072).map { FabricatedRecords.pixel(file: file, record: record, place: $0) }
        #expect(pixels == expected, "image \(index)")
    }

    @Test("a limit takes the first images and never more than there are", arguments: [(4, 4), (15, 15), (99, 15)])
    func limit(asked: Int, count: Int) throws {
        let directory = try FabricatedRecords.directory()
        let data = try CIFAR(directory: directory.path, limitTrain: asked, limitTest: 2)
        #expect(data.training.count == count)
        #expect(data.test.count == 2)
        expect(data.training, 3, file: 2, record: 0)
    }

    private func message(_ directory: TestDirectory) -> String {
        do throws(DatasetError) {
            _ = try CIFAR(directory: directory.path)
            return "no error"
        } catch {
            return error.description
        }
    }

    @Test("a missing file is named", arguments: FabricatedRecords.names)
    func missing(name: String) throws {
        let directory = try FabricatedRecords.directory()
        try FileManager.default.removeItem(atPath: directory.file(name))
        let message = message(directory)
        #expect(message.hasPrefix("\(directory.file(name)) cannot be opened: No such file or directory. "))
        #expect(message.contains("scripts/fetch-cifar10"))
    }

    @Test("a file of a wrong length is named with its length", arguments: [0, 1, 3072, 3074, 2 * 3073 - 1])
    func wrongLength(length: Int) throws {
        let directory = try FabricatedRecords.directory()
        try directory.write([UInt8](repeating: 0, count: length), "data_batch_3.bin")
        let message = message(directory)
        #expect(message.hasPrefix("\(directory.file("data_batch_3.bin")) has \(length) bytes"))
        #expect(message.contains("3073") && message.contains("fetch-cifar10"))
        #expect(!message.lowercased().contains("delete"), "it may be somebody's own")
    }

    /// The object is whole when it throws; were its memory unmapped twice, this would take down a neighbour's.
    @Test("a label out of range is named with its record", arguments: [10, 255])
    func wrongLabel(label: UInt8) throws {
        let directory = try FabricatedRecords.directory()
        let good = try CIFAR(directory: directory.path)
        var bytes = FabricatedRecords.bytes(file: 3, records: 4)
        bytes[2 * 3073] = label
        try FileManager.default.removeItem(atPath: directory.file("data_batch_4.bin"))
        try directory.write(bytes, "data_batch_4.bin")
        let expected = "\(directory.file("data_batch_4.bin")) has label \(label) in record 2;"
        for _ in 0..<20 { #expect(message(directory).hasPrefix(expected)) }
        expect(good.training, 14, file: 4, record: 4)
    }

    // Guards: CIFAR-100's files are known by their names; the class is the fine one, and the pixels follow both labels.
    @Test("CIFAR-100 has two labels a record, of which the fine one is learnt")
    func hundredClasses() throws {
        let directory = try TestDirectory()
        func record(_ fine: UInt8) -> [UInt8] {
            [19, fine] + (0..<3072).map { UInt8(truncatingIfNeeded: $0 + Int(fine)) }
        }
        try directory.write([3, 99, 0].flatMap(record), "train.bin")
        try directory.write([42].flatMap(record), "test.bin")
        let data = try CIFAR(directory: directory.path)
        #expect(data.training.classes == 100 && data.training.shape.description == "32×32×3")
        #expect((0..<3).map { data.training.label(at: $0) } == [3, 99, 0] && data.test.label(at: 0) == 42)
        #expect(data.training.pixels(at: 1)[0] == 99 && data.training.pixels(at: 1)[3071] == record(99)[3073])
        #expect(data.digestNotices().isEmpty)
        try directory.write(record(100), "test.bin")
        #expect(message(directory).contains("label 100 in record 0; its labels run from 100 to 100"))
    }

    // Guards: a class is called what the data set calls it, from its own file where there is one.
    @Test("classes have the names of their file, else the official ones, else numbers")
    func classNames() throws {
        let ten = try FabricatedRecords.directory()
        #expect(try CIFAR(directory: ten.path).test.classNames[8] == "ship")
        try ten.write(Array("mine\r\n\n own \n".utf8), "batches.meta.txt")
        let names = try CIFAR(directory: ten.path).training.classNames
        #expect(names == ["mine", "own", "2", "3", "4", "5", "6", "7", "8", "9"])
        let hundred = try TestDirectory()
        for file in ["train.bin", "test.bin"] { try hundred.write([UInt8](repeating: 0, count: 3074), file) }
        let official = try CIFAR(directory: hundred.path).training.classNames
        #expect(official.count == 100 && official == official.sorted() && Set(official).count == 100)
        #expect([0, 1, 81, 99].map { official[$0] } == ["apple", "aquarium_fish", "streetcar", "worm"])
        #expect(SyntheticImages(count: 1, seed: 1, firstSample: 0).classNames.first == "disc")
    }

    // Guards: labels of one's own that count from 1 are told from damage, with what was found; nobody is told to delete them.
    @Test(
        "labels that count from 1 are explained",
        arguments: [(1...10, "Subtract 1 from every label."), (0...10, "fetch-cifar10")])
    func labelsFromOne(labels: ClosedRange<Int>, advice: String) throws {
        let directory = try FabricatedRecords.directory()
        let own = labels.flatMap { [UInt8($0)] + [UInt8](repeating: 7, count: 3072) }
        try directory.write(own, "data_batch_2.bin")
        let message = message(directory)
        let found = "its labels run from \(labels.lowerBound) to \(labels.upperBound), but classes count from 0 to 9. "
        #expect(message.contains(found) && message.contains(advice), "\(message)")
        #expect(!message.lowercased().contains("delete"))
    }

    @Test("a directory or a named pipe in place of a file is refused at once", .endsHangs)
    func noRegularFile() throws {
        let directory = try FabricatedRecords.directory()
        let path = directory.file("data_batch_2.bin")
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(message(directory).hasPrefix("\(path) is no regular file; "))
        try FileManager.default.removeItem(atPath: path)
        #expect(mkfifo(path, 0o600) == 0)
        #expect(message(directory).hasPrefix("\(path) is no regular file; "))
    }

    @Test("files that are not the official ones are each noticed")
    func notices() throws {
        let directory = try FabricatedRecords.directory()
        let notices = try CIFAR(directory: directory.path).digestNotices()
        #expect(notices.count == 6)
        for (notice, name) in zip(notices, FabricatedRecords.names) {
            #expect(notice.hasPrefix("\(directory.file(name)) is not the official CIFAR-10 file"))
        }
    }

    @Test("the content digest depends on every file's bytes and on the limit, on nothing else")
    func contentDigest() throws {
        let directory = try FabricatedRecords.directory()
        let other = try FabricatedRecords.directory()
        func digest(_ limit: Int? = nil) throws -> String {
            try CIFAR(directory: directory.path, limitTrain: limit).training.contentDigest()
        }
        let original = try digest()
        #expect(try CIFAR(directory: other.path).training.contentDigest() == original)
        #expect(try digest(15) == original)
        #expect(try digest(14) != original)
        for file in 0..<5 {
            let bytes = FabricatedRecords.bytes(file: file, records: file + 1)
            for place in [0, 1, bytes.count / 2, bytes.count - 1] {
                var changed = bytes
                changed[place] ^= 1
                try directory.write(changed, FabricatedRecords.names[file])
                #expect(try digest() != original)
            }
            try directory.write(bytes, FabricatedRecords.names[file])
        }
        #expect(try digest() == original)
    }
}
