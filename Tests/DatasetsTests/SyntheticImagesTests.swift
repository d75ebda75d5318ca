import Datasets
import Testing

@Suite("Synthetic images")
struct SyntheticImagesTests {
    private let training = SyntheticImages.training(limit: 3000)
    private let test = SyntheticImages.test(limit: 1000)

    @Test("the sets are the same every time, and a limit takes their beginning")
    func deterministic() {
        #expect(training.count == 3000 && test.count == 1000)
        #expect(SyntheticImages.training(limit: 3000).contentDigest() == training.contentDigest())
        #expect(SyntheticImages.training(limit: 2999).contentDigest() != training.contentDigest())
        let first = SyntheticImages.training(limit: 10)
        for index in 0..<10 {
            #expect(bytes(first, index) == bytes(training, index))
            #expect(first.label(at: index) == training.label(at: index))
        }
    }

    private func bytes(_ images: SyntheticImages, _ index: Int) -> [UInt8] {
        Array(UnsafeBufferPointer(start: images.pixels(at: index), count: 3072))
    }

    @Test("all classes occur, about equally often")
    func balance() {
        var counts = [Int](repeating: 0, count: 10)
        for index in 0..<training.count { counts[Int(training.label(at: index))] += 1 }
        #expect(counts.allSatisfy { abs($0 - 300) < 90 }, "\(counts)")
    }

    @Test("no test image is a training image")
    func disjoint() {
        let known = Set((0..<training.count).map { bytes(training, $0) })
        #expect(known.count == training.count)
        #expect((0..<test.count).allSatisfy { !known.contains(bytes(test, $0)) })
        // The test set begins where the whole training set ends.
        #expect(bytes(SyntheticImages(count: 1, seed: 2018, firstSample: 10_000), 0) == bytes(test, 0))
    }

    /// A set that colours or places give away would say nothing about convolutions.
    @Test("the nearest class mean of normalised pixels is right for less than half of the images")
    func notLinear() {
        let normalization = Normalization(of: training)
        func normalised(_ images: SyntheticImages, _ index: Int) -> [Float] {
            var image = [Float](repeating: 0, count: 3072)
            normalization.apply(images.pixels(at: index), into: &image)
            return image
        }
        var means = [[Float]](repeating: [Float](repeating: 0, count: 3072), count: 10)
        var counts = [Float](repeating: 0, count: 10)
        for index in 0..<training.count {
            let (label, image) = (Int(training.label(at: index)), normalised(training, index))
            counts[label] += 1
            for element in 0..<3072 { means[label][element] += image[element] }
        }
        for label in 0..<10 { for element in 0..<3072 { means[label][element] /= counts[label] } }
        let right = (0..<test.count).filter { index in
            let image = normalised(test, index)
            let distances = means.map { mean in
                (0..<3072).reduce(Float(0)) { $0 + (image[$1] - mean[$1]) * (image[$1] - mean[$1]) }
            }
            return distances.firstIndex(of: distances.min()!) == Int(test.label(at: index))
        }
        #expect(right.count < 500, "\(right.count) of 1000")
    }
}
