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

    // Guards: a file for which there are not enough addresses is an error of resources that names the limit.
    @Test func tooLargeForTheLimit() async {
        await #expect(processExitsWith: .success) {
            let directory = try TestDirectory()
            let path = try directory.write([], "data_batch_1.bin")
            // A file of holes, of 31 GB.
            guard truncate(path, 3073 * 10_000_000) == 0 else { exit(2) }
            let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
            let allowed = rlim_t(Int(pages[0])! * Int(sysconf(Int32(_SC_PAGESIZE))) + 1 << 30)
            var limit = rlimit(rlim_cur: allowed, rlim_max: allowed)
            guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { exit(3) }
            do throws(DatasetError) {
                _ = try RecordFiles(paths: [path], FabricatedRecords.format)
                exit(4)
            } catch {
                guard error.cause == .resources else { exit(5) }
                let words = "\(path) cannot be mapped: ulimit -v \(allowed / 1024) allows"
                let sentence = error.description
                guard sentence.hasPrefix(words), sentence.hasSuffix("Raise that limit.") else { exit(6) }
            }
        }
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
