import Datasets
import Testing

@Suite("The official CIFAR-10 files", .enabled(if: OfficialFiles.isPresent, "scripts/fetch-cifar10 brings them"))
struct OfficialFilesTests {
    @Test("50,000 and 10,000 images, equally many of each class, with the official digests")
    func content() throws {
        let data = try CIFAR(directory: OfficialFiles.directory)
        #expect(counts(data.training) == [Int](repeating: 5000, count: 10))
        #expect(counts(data.test) == [Int](repeating: 1000, count: 10))
        #expect(data.digestNotices().isEmpty)
    }

    private func counts(_ images: RecordFiles) -> [Int] {
        var counts = [Int](repeating: 0, count: 10)
        for index in 0..<images.count { counts[Int(images.label(at: index))] += 1 }
        return counts
    }

    /// The mean of all training values is known as 0.4734 (channel means 0.4914, 0.4822 and 0.4465).
    @Test("the mean map has the known means")
    func mean() throws {
        let mean = Normalization(of: try CIFAR(directory: OfficialFiles.directory).training).mean
        for (channel, known) in [0.4914, 0.4822, 0.4465].enumerated() {
            let values = stride(from: channel, to: 3072, by: 3).map { Double(mean[$0]) }
            #expect(abs(values.reduce(0, +) / 1024 - known) < 1e-4)
        }
        #expect(abs(mean.reduce(0) { $0 + Double($1) } / 3072 - 0.4734) < 1e-4)
    }
}
