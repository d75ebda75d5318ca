import Foundation
import Tensors

/// CIFAR-10 or CIFAR-100 in their binary versions (Krizhevsky, 2009), or one's own images in either format.
public struct CIFAR: Sendable {
    /// The training images.
    public let training: RecordFiles
    /// The test images.
    public let test: RecordFiles
    private let edition: Edition

    /// One of the two sets: its files and how their records are laid out.
    private struct Edition: Sendable {
        let name: String
        let trainingFiles: [String]
        let testFile: String
        let format: RecordFormat
        /// The file that names the classes, a line each, and their names where it is missing.
        let nameFile: String
        let classNames: [String]
        /// The SHA-256 of the official files, as far as they are known here.
        let officialDigests: [String: String]
    }

    private static let image = ImageShape(height: 32, width: 32, channels: 3)

    private static let cifar10 = Edition(
        name: "CIFAR-10", trainingFiles: (1...5).map { "data_batch_\($0).bin" }, testFile: "test_batch.bin",
        format: RecordFormat(labelBytes: 1, labelIndex: 0, classes: 10, shape: image),
        nameFile: "batches.meta.txt", classNames: CIFARClassNames.ten,
        officialDigests: [
            "data_batch_1.bin": "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
            "data_batch_2.bin": "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
            "data_batch_3.bin": "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
            "data_batch_4.bin": "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
            "data_batch_5.bin": "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
            "test_batch.bin": "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
        ])

    /// A record begins with the coarse class, of 20, and the fine one, of 100, which is learnt.
    private static let cifar100 = Edition(
        name: "CIFAR-100", trainingFiles: ["train.bin"], testFile: "test.bin",
        format: RecordFormat(labelBytes: 2, labelIndex: 1, classes: 100, shape: image),
        nameFile: "fine_label_names.txt", classNames: CIFARClassNames.hundred, officialDigests: [:])

    /// Maps the files of a directory: those of CIFAR-100 where they are and CIFAR-10's are not.
    ///
    /// - Throws: `DatasetError` naming the first file that is missing or damaged.
    public init(directory: String, limitTrain: Int? = nil, limitTest: Int? = nil) throws(DatasetError) {
        let holds = { (edition: Edition) in
            FileManager.default.fileExists(atPath: "\(directory)/\(edition.testFile)")
        }
        edition = holds(Self.cifar100) && !holds(Self.cifar10) ? Self.cifar100 : Self.cifar10
        let names = Self.names(inFile: "\(directory)/\(edition.nameFile)") ?? edition.classNames
        training = try RecordFiles(
            paths: edition.trainingFiles.map { "\(directory)/\($0)" }, edition.format, limit: limitTrain,
            classNames: names)
        test = try RecordFiles(
            paths: ["\(directory)/\(edition.testFile)"], edition.format, limit: limitTest, classNames: names)
    }

    /// The lines of a file that are not empty; nil where there is none to read. Names only tell a reader what a class is, so
    /// that a file that lacks some is no error.
    private static func names(inFile path: String) -> [String]? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let names = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        return names.isEmpty ? nil : names
    }

    /// A notice for each file that is well formed but not the official one: people bring their own data in this format.
    public func digestNotices() -> [String] {
        (training.files + test.files).compactMap { file in
            let name = String(file.path.split(separator: "/").last ?? "")
            guard let official = edition.officialDigests[name], file.digest() != official else { return nil }
            return "\(file.path) is not the official \(edition.name) file (its SHA-256 differs); using it as it is."
        }
    }
}
