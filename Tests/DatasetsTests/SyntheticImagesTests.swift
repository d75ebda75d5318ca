import Datasets
import Testing

@Suite("The built-in images")
struct SyntheticImagesTests {
    // Guards: the same images everywhere, all classes about equally often, and other images for the test.
    @Test func areDeterministic() {
        let set = SyntheticImages(count: 1_000, seed: 2018, firstSample: 0)
        #expect(set.contentDigest() == SyntheticImages(count: 1_000, seed: 2018, firstSample: 0).contentDigest())
        #expect(set.contentDigest() != SyntheticImages(count: 1_000, seed: 2018, firstSample: 1_000).contentDigest())
        var counts = [Int](repeating: 0, count: 10)
        for index in 0..<set.count { counts[Int(set.label(at: index))] += 1 }
        #expect(counts.allSatisfy { (60...140).contains($0) })
    }

    // Guards: the set is not trivial: the nearest class mean on normalised pixels stays far from the 90 % that the
    // network reaches.
    @Test func areNotLinearlyEasy() {
        let training = SyntheticImages(count: 3_000, seed: 2018, firstSample: 0)
        let test = SyntheticImages(count: 500, seed: 2018, firstSample: 10_000)
        let normalization = Normalization(of: training)
        var means = [[Float]](repeating: [Float](repeating: 0, count: 3072), count: 10)
        var image = [Float](repeating: 0, count: 3072)
        for index in 0..<training.count {
            normalization.apply(training.pixels(at: index), into: &image)
            for element in 0..<3072 { means[Int(training.label(at: index))][element] += image[element] / 300 }
        }
        var right = 0
        for index in 0..<test.count {
            normalization.apply(test.pixels(at: index), into: &image)
            let distances = means.map { mean in zip(mean, image).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            }
            if distances.firstIndex(of: distances.min()!) == Int(test.label(at: index)) { right += 1 }
        }
        #expect(Double(right) / 500 < 0.5)
    }
}
