import Datasets
import Foundation
import Tensors
import Testing

@Suite("Normalisation and augmentation")
struct PreparationTests {
    private let images = SyntheticImages(count: 40, seed: 1, firstSample: 0)

    private func normalized(_ index: Int, _ normalization: Normalization) -> [Float] {
        var result = [Float](repeating: .nan, count: 3072)
        normalization.apply(images.pixels(at: index), into: &result)
        return result
    }

    private func augmented(_ image: [Float], _ augmentation: Augmentation, sample: Int, epoch: Int = 0) -> [Float] {
        var result = [Float](repeating: .nan, count: 3072)
        var stream = RandomStream(seed: 1, purpose: .augmentation, epoch: epoch, sample: sample)
        augmentation.apply(image, into: &result, stream: &stream)
        return result
    }

    // Guards: maps of mean and population deviation per place and channel, and planes turned into NHWC.
    @Test func normalisesByTheSetsOwnMaps() {
        let normalization = Normalization(of: images)
        for element in [0, 1, 2, 700, 3071] {
            let (place, channel) = (element / 3, element % 3)
            let values = (0..<40).map { Double(images.pixels(at: $0)[channel * 1024 + place]) / 255 }
            let mean = values.reduce(0, +) / 40
            let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40).squareRoot()
            #expect(abs(Double(normalization.mean[element]) - mean) < 1e-6)
            #expect(abs(Double(normalization.standardDeviation[element]) - deviation) < 1e-6)
            #expect(abs(Double(normalized(7, normalization)[element]) - (values[7] - mean) / deviation) < 1e-4)
        }
    }

    // Guards: a pixel that never changes is no division by zero.
    @Test func constantPixelsAreHarmless() throws {
        let directory = try RecordDirectory(records: 1)
        let set = try CIFAR10(directory: directory.path, limitTrain: 1)
        var result = [Float](repeating: .nan, count: 3072)
        Normalization(of: set.training).apply(set.training.pixels(at: 0), into: &result)
        #expect(result.allSatisfy { $0 == 0 })
    }

    // Guards: with nothing switched on an image stays as it is, to the bit of the arithmetic at whole positions.
    @Test func nothingSwitchedOnIsTheIdentity() {
        let image = normalized(3, Normalization(of: images))
        #expect(augmented(image, .none, sample: 3) == image)
    }

    // Guards: flips mirror exactly, about half of the images, and each the right way.
    @Test func flipsMirror() {
        let image = normalized(3, Normalization(of: images))
        var flips = Augmentation.none
        flips.horizontalFlip = true
        let mirrored: [Float] = (0..<3072).map { element in
            let (row, place) = (element / 96, element % 96)
            return image[row * 96 + (31 - place / 3) * 3 + place % 3]
        }
        let outcomes = (0..<400).map { augmented(image, flips, sample: $0) }
        #expect(outcomes.allSatisfy { $0 == image || $0 == mirrored })
        #expect((140...260).contains(outcomes.filter { $0 == mirrored }.count))
        flips.horizontalFlip = false
        flips.verticalFlip = true
        let inverted: [Float] = (0..<3072).map { element in
            let row = 31 - element / 96
            return image[row * 96 + element % 96]
        }
        #expect((0..<40).contains { augmented(image, flips, sample: $0) == inverted })
    }

    // Guards: the direction and the unit of shifts, and that the edge is repeated: a ramp along the rows stays a ramp,
    // moved by at most the range and clamped.
    @Test func shiftsMoveByTheirRange() {
        let ramp = (0..<3072).map { Float($0 / 96) }
        var shift = Augmentation.none
        shift.rowShift = 5.0 / 32
        var largest: Float = 0
        for sample in 0..<200 {
            let result = augmented(ramp, shift, sample: sample)
            let moved = result[16 * 96] - 16
            largest = max(largest, abs(moved))
            for row in 0..<32 { #expect(abs(result[row * 96 + 30] - min(max(Float(row) + moved, 0), 31)) < 1e-4) }
        }
        #expect(largest > 4.5 && largest <= 5.001)
        var columns = Augmentation.none
        columns.columnShift = 0.2
        #expect(augmented(ramp, columns, sample: 3) == ramp)
    }

    // Guards: rotation is about the centre and keeps to its range.
    @Test func rotationTurnsAboutTheCentre() {
        let ramp = (0..<3072).map { Float($0 / 96) - 15.5 }
        var rotation = Augmentation.none
        rotation.rotationDegrees = 10
        var steepest: Float = 0
        for sample in 0..<200 {
            let result = augmented(ramp, rotation, sample: sample)
            // Near the centre the ramp's slope along a row is the sine of the angle.
            steepest = max(steepest, abs(result[16 * 96 + 20 * 3] - result[16 * 96 + 11 * 3]) / 9)
            let centre = (result[15 * 96 + 45] + result[16 * 96 + 48] + result[15 * 96 + 48] + result[16 * 96 + 45]) / 4
            #expect(abs(centre) < 1e-4)
        }
        #expect(steepest > sin(9.0 * .pi / 180) && steepest < sin(10.01 * .pi / 180))
    }

    // Guards: the draws belong to (seed, epoch, sample), and an option that is off does not move the others' draws.
    @Test func drawsBelongToTheSample() {
        let image = normalized(3, Normalization(of: images))
        #expect(augmented(image, .article, sample: 9) == augmented(image, .article, sample: 9))
        #expect(augmented(image, .article, sample: 9) != augmented(image, .article, sample: 10))
        #expect(augmented(image, .article, sample: 9) != augmented(image, .article, sample: 9, epoch: 1))
        var flips = Augmentation.none
        flips.horizontalFlip = true
        var flipsAndRotation = flips
        flipsAndRotation.rotationDegrees = 1e-6
        for sample in 0..<20 {
            let difference = zip(
                augmented(image, flips, sample: sample), augmented(image, flipsAndRotation, sample: sample)
            )
            .map { abs($0 - $1) }.max()!
            #expect(difference < 1e-3)
        }
    }
}
