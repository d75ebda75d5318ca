import Datasets
import Foundation
import TestSupport
import Testing

@Suite("Data files that shrink while they are mapped")
struct ShorteningTests {
    private let directory: TestDirectory
    private let path: String
    private static let records = 40

    /// Files of 40 records, some thirty pages.
    init() throws {
        RecordFiles.catchShortening()
        directory = try TestDirectory()
        for (file, name) in FabricatedRecords.names.enumerated() {
            try directory.write(FabricatedRecords.bytes(file: file, records: Self.records), name)
        }
        path = directory.file("data_batch_2.bin")
    }

    private func lossSentence(_ images: any LabelledImages) -> String? {
        do throws(DatasetError) {
            try images.requireIntact()
            return nil
        } catch {
            return error.description
        }
    }

    // Guards: reading what a file has lost does not end the process, and is told with the file's name, wherever it was
    // cut, also within its last page, where the system is silent; the other files keep their content.
    @Test(arguments: [0, 1, 4096, 60_000, 40 * 3073 - 1]) func cut(length: Int) throws {
        let data = try CIFAR(directory: directory.path)
        #expect(lossSentence(data.training) == nil)
        #expect(truncate(path, length) == 0)
        for index in 0..<data.training.count {
            let place = data.training.pixels(at: index)
            guard index / Self.records != 1 else {
                #expect((0..<3072).allSatisfy { place[$0] == 0 || place[$0] == pixel(index, $0) })
                continue
            }
            #expect((0..<3072).allSatisfy { place[$0] == pixel(index, $0) })
        }
        #expect(lossSentence(data.training)?.hasPrefix("\(path) was shortened while it was in use") == true)
        #expect(lossSentence(data.test) == nil)
    }

    private func pixel(_ index: Int, _ place: Int) -> UInt8 {
        FabricatedRecords.pixel(file: index / Self.records, record: index % Self.records, place: place)
    }

    // Guards: files beyond the limit on images are nobody's concern.
    @Test func unusedFile() throws {
        let data = try CIFAR(directory: directory.path, limitTrain: Self.records)
        #expect(truncate(path, 0) == 0)
        #expect(lossSentence(data.training) == nil)
    }

    // Guards: batches made before a file shrank are good, and one made after it says what was lost.
    @Test(.endsHangs) func batches() throws {
        let data = try CIFAR(directory: directory.path)
        let loader = try PrefetchingLoader(
            data.training, normalization: Normalization(of: data.training), augmentation: .article,
            shards: ShardPlan(
                imageCount: data.training.count, globalBatch: 16, shares: .even(granules: 4, ranks: 1), seed: 1,
                shuffle: .epoch),
            rank: 0, seed: 1, fromStep: 0)
        #expect(loader.next().damage == nil)
        #expect(truncate(path, 0) == 0)
        // The ring holds what was made before.
        let losses = (0..<8).compactMap { _ in loader.next().damage }
        #expect(losses.last?.description.hasPrefix(path) == true)
    }

    // Guards: a mapping that is gone leaves its place to later ones, however many.
    @Test func places() throws {
        for _ in 0..<100 { _ = try CIFAR(directory: directory.path) }
        let data = try CIFAR(directory: directory.path)
        #expect(truncate(path, 0) == 0)
        #expect(data.training.label(at: Self.records) == 0)
        #expect(lossSentence(data.training)?.hasPrefix(path) == true)
    }
}
