import Datasets

/// The reader of CIFAR-10's binary files.
///
/// A file is accepted exactly when it holds whole records with labels below 10, and then gives back its bytes.
package final class FuzzedRecords: FuzzedReader {
    private static let recordBytes = 3073
    private static let classes = 10
    /// The six files, the test set last.
    private static let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]

    package let name = "CIFAR-10"
    package let samples: [[UInt8]]
    package let tokens: [[UInt8]] = [[9], [10], [255], [0, 0, 0, 0], [UInt8](repeating: 7, count: recordBytes)]

    private let directory: ScratchDirectory
    private let files: [ScratchFile]
    private var turn = 0

    /// Writes six valid files.
    package init() throws {
        directory = try ScratchDirectory()
        samples = (1...3).map { records in
            (0..<records * Self.recordBytes).map { place in
                place % Self.recordBytes == 0
                    ? UInt8((3 * records + place / Self.recordBytes) % 10)
                    : UInt8(truncatingIfNeeded: place * 7 + records)
            }
        }
        var files: [ScratchFile] = []
        for name in Self.names { files.append(try ScratchFile(path: directory.file(name))) }
        for file in files { try file.fill(samples[0]) }
        self.files = files
    }

    /// Whole records, the last of them filled up with zeros.
    package func framed(_ input: [UInt8]) -> [UInt8] {
        let missing = (Self.recordBytes - input.count % Self.recordBytes) % Self.recordBytes
        return input + [UInt8](repeating: 0, count: missing)
    }

    package func accepts(_ input: [UInt8]) throws(BrokenPromise) -> Bool {
        // Each of the six files is the hostile one in turn; the others are valid.
        let file = files[turn]
        let isTest = turn == files.count - 1
        turn = (turn + 1) % files.count
        try file.fill(input)
        let isAccepted = try read(input, hostile: file, isTest: isTest)
        try file.fill(samples[0])
        let labels = stride(from: 0, to: input.count, by: Self.recordBytes).map { input[$0] }
        let isValid = !input.isEmpty && input.count % Self.recordBytes == 0 && labels.allSatisfy { $0 < Self.classes }
        try BrokenPromise.unless(
            isAccepted == isValid,
            "A file that is \(isValid ? "" : "not ")valid was \(isAccepted ? "read" : "refused").")
        return isAccepted
    }

    private func read(_ input: [UInt8], hostile: ScratchFile, isTest: Bool) throws(BrokenPromise) -> Bool {
        let data: CIFAR
        do throws(DatasetError) { data = try CIFAR(directory: directory.path) } catch {
            try BrokenPromise.unlessSentence(error.description, names: hostile.path)
            return false
        }
        let count = input.count / Self.recordBytes
        let images = isTest ? data.test : data.training
        let others = isTest ? 0 : 4
        try BrokenPromise.unless(
            images.count == count + others, "\(images.count) images were read, not \(count + others).")
        try BrokenPromise.unless(
            isTest ? data.training.count == 5 : data.test.count == 1, "A valid file beside the input changed.")
        let first = files.firstIndex { $0 === hostile }! % 5
        for record in 0..<count {
            let image = (isTest ? 0 : first) + record
            let expected = input[record * Self.recordBytes..<(record + 1) * Self.recordBytes]
            let pixels = UnsafeBufferPointer(start: images.pixels(at: image), count: Self.recordBytes - 1)
            try BrokenPromise.unless(
                images.label(at: image) == expected.first && pixels.elementsEqual(expected.dropFirst()),
                "Record \(record) gave other bytes.")
        }
        return true
    }
}
