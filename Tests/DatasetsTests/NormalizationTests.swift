import Datasets
import Tensors
import Testing

@Suite("Normalisation")
struct NormalizationTests {
    /// 37 images of random bytes; pixel (0, 0) of the green plane is the same in all.
    private final class Bytes: LabelledImages {
        let count = 37
        let shape = ImageShape(height: 32, width: 32, channels: 3)
        let classes = 10
        let storage: [[UInt8]]

        init() {
            var generator = RandomStream(seed: 12, purpose: .synthetic)
            storage = (0..<37).map { _ in
                var image = (0..<3072).map { _ in UInt8.random(in: 0...255, using: &generator) }
                image[1024] = 93
                return image
            }
            pointer = .allocate(capacity: 37 * 3072)
            for (index, byte) in storage.joined().enumerated() { pointer[index] = byte }
        }

        deinit { pointer.deallocate() }

        private nonisolated(unsafe) let pointer: UnsafeMutablePointer<UInt8>
        func label(at index: Int) -> UInt8 { 0 }
        func pixels(at index: Int) -> UnsafePointer<UInt8> { UnsafePointer(pointer + index * 3072) }
        func contentDigest() -> String { "" }
    }

    @Test("mean and deviation agree with a two-pass computation in Double, in the order of the network")
    func maps() {
        let images = Bytes()
        let normalization = Normalization(of: images)
        #expect(normalization.mean.count == 3072 && normalization.standardDeviation.count == 3072)
        for row in 0..<32 {
            for column in 0..<32 {
                for channel in 0..<3 {
                    let place = channel * 1024 + row * 32 + column
                    let values = images.storage.map { Double($0[place]) / 255 }
                    let mean = values.reduce(0, +) / 37
                    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 37
                    let element = (row * 32 + column) * 3 + channel
                    #expect(abs(Double(normalization.mean[element]) - mean) < 1e-6)
                    let deviation = place == 1024 ? 1 : variance.squareRoot()
                    #expect(abs(Double(normalization.standardDeviation[element]) - deviation) < 1e-6)
                }
            }
        }
    }

    @Test("an image is normalised by (value / 255 − mean) / deviation; a constant pixel stays near zero")
    func apply() {
        let images = Bytes()
        let normalization = Normalization(of: images)
        var target = [Float](repeating: .nan, count: 3072)
        normalization.apply(images.pixels(at: 5), into: &target)
        for pixel in 0..<1024 {
            for channel in 0..<3 {
                let element = pixel * 3 + channel
                let value = Double(images.storage[5][channel * 1024 + pixel]) / 255
                let expected =
                    (value - Double(normalization.mean[element])) / Double(normalization.standardDeviation[element])
                #expect(abs(Double(target[element]) - expected) < 1e-5)
            }
        }
        #expect(abs(target[1]) < 1e-6)
    }

    /// Over 66,051 bright images a 32-bit sum of squares would run over.
    @Test("sums do not run over on a large bright set")
    func largeSet() {
        let normalization = Normalization(of: BrightImages())
        #expect(normalization.mean.allSatisfy { $0 == 1 })
        #expect(normalization.standardDeviation.allSatisfy { $0 == 1 })
    }

    /// 130,000 times the same white image.
    private final class BrightImages: LabelledImages {
        let shape = ImageShape(height: 32, width: 32, channels: 3)
        let classes = 10
        let count = 130_000
        private nonisolated(unsafe) let white: UnsafeMutablePointer<UInt8>

        init() {
            white = .allocate(capacity: 3072)
            white.initialize(repeating: 255, count: 3072)
        }

        deinit { white.deallocate() }

        func label(at index: Int) -> UInt8 { 0 }
        func pixels(at index: Int) -> UnsafePointer<UInt8> { UnsafePointer(white) }
        func contentDigest() -> String { "" }
    }
}
