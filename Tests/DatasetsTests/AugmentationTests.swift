import Datasets
import Tensors
import Testing

@Suite("Augmentation")
struct AugmentationTests {
    /// Every value differs: 0, 1, 2, … in `[32, 32, 3]`.
    private let ramp = (0..<3072).map(Float.init)
    private static let shape = ImageShape(height: 32, width: 32, channels: 3)

    private func index(_ row: Int, _ column: Int, _ channel: Int) -> Int { (row * 32 + column) * 3 + channel }

    private func applied(_ augmentation: Augmentation, seed: UInt64 = 1, epoch: Int = 0, sample: Int = 0) -> [Float] {
        var stream = RandomStream(seed: seed, purpose: .augmentation, epoch: epoch, sample: sample)
        var target = [Float](repeating: .nan, count: 3072)
        augmentation.apply(ramp, Self.shape, into: &target, stream: &stream)
        return target
    }

    private func warped(
        cosine: Float = 1, sine: Float = 0, rowShift: Float = 0, columnShift: Float = 0, mirrored: Bool = false,
        inverted: Bool = false
    ) -> [Float] {
        var target = [Float](repeating: .nan, count: 3072)
        Augmentation.none.warp(
            ramp, Self.shape, into: &target, cosine: cosine, sine: sine, rowShift: rowShift, columnShift: columnShift,
            mirrored: mirrored, inverted: inverted)
        return target
    }

    /// Expects that output position (row, column) holds the value of the source position that `place` names.
    private func expect(_ image: [Float], reads place: (_ row: Int, _ column: Int) -> (Int, Int)) {
        for row in 0..<32 {
            for column in 0..<32 {
                let (sourceRow, sourceColumn) = place(row, column)
                for channel in 0..<3 {
                    let expected = ramp[index(sourceRow, sourceColumn, channel)]
                    #expect(image[index(row, column, channel)] == expected, "row \(row), column \(column)")
                }
            }
        }
    }

    @Test("without ranges and flips every image stays as it is", arguments: 0..<20)
    func identity(sample: Int) {
        #expect(applied(.none, sample: sample) == ramp)
    }

    @Test("flips mirror exactly")
    func flips() {
        expect(warped(mirrored: true)) { ($0, 31 - $1) }
        expect(warped(inverted: true)) { (31 - $0, $1) }
        expect(warped(mirrored: true, inverted: true)) { (31 - $0, 31 - $1) }
    }

    // Guards: an image of any extents: rows and columns are not taken for each other, nor the channels for three.
    @Test("an image need be neither square nor coloured")
    func otherShapes() {
        let shape = ImageShape(height: 2, width: 4, channels: 1)
        let image: [Float] = [0, 1, 2, 3, 4, 5, 6, 7]
        func warped(rows: Float, columns: Float, mirrored: Bool = false, inverted: Bool = false) -> [Float] {
            var target = [Float](repeating: .nan, count: 8)
            Augmentation.none.warp(
                image, shape, into: &target, cosine: 1, sine: 0, rowShift: rows, columnShift: columns,
                mirrored: mirrored, inverted: inverted)
            return target
        }
        #expect(warped(rows: 0, columns: 0) == image)
        #expect(warped(rows: 1, columns: 0) == [4, 5, 6, 7, 4, 5, 6, 7])
        #expect(warped(rows: 0, columns: 3) == [3, 3, 3, 3, 7, 7, 7, 7])
        #expect(warped(rows: 0, columns: 0, mirrored: true, inverted: true) == image.reversed())
    }

    @Test("a whole shift moves pixels and repeats the edge", arguments: [-5, -1, 2, 40])
    func shifts(by shift: Int) {
        expect(warped(rowShift: Float(shift))) { (min(max($0 + shift, 0), 31), $1) }
        expect(warped(columnShift: Float(shift))) { ($0, min(max($1 + shift, 0), 31)) }
    }

    @Test("half a pixel is the mean of two neighbours")
    func interpolation() {
        let image = warped(columnShift: 0.5)
        #expect(image[index(4, 7, 1)] == (ramp[index(4, 7, 1)] + ramp[index(4, 8, 1)]) / 2)
        #expect(image[index(4, 31, 1)] == ramp[index(4, 31, 1)])
        #expect(warped(rowShift: 0.5)[index(4, 7, 1)] == (ramp[index(4, 7, 1)] + ramp[index(5, 7, 1)]) / 2)
    }

    @Test("a quarter turn is exact, about the centre of the image")
    func quarterTurn() {
        expect(warped(cosine: 0, sine: 1)) { (31 - $1, $0) }
        expect(warped(cosine: -1, sine: 0)) { (31 - $0, 31 - $1) }
    }

    @Test("draws depend on seed, epoch and sample alone")
    func draws() {
        let image = applied(.article, seed: 3, epoch: 4, sample: 5)
        #expect(applied(.article, seed: 3, epoch: 4, sample: 5) == image)
        #expect(applied(.article, seed: 4, epoch: 4, sample: 5) != image)
        #expect(applied(.article, seed: 3, epoch: 5, sample: 5) != image)
        #expect(applied(.article, seed: 3, epoch: 4, sample: 6) != image)
    }

    /// The order of draws is part of the format: resumed and compared runs rely on it.
    @Test("switching one distortion off leaves the draws of the others unchanged", arguments: 0..<30)
    func independence(sample: Int) {
        var stream = RandomStream(seed: 1, purpose: .augmentation, sample: sample)
        _ = stream.uniform()
        let rows = stream.uniform(-5.0 / 32, 5.0 / 32) * 32
        let columns = stream.uniform(-5.0 / 32, 5.0 / 32) * 32
        let (mirrored, inverted) = (stream.uniform() < 0.5, stream.uniform() < 0.5)
        var augmentation = Augmentation.none
        augmentation.rowShift = 5.0 / 32
        #expect(applied(augmentation, sample: sample) == warped(rowShift: rows))
        augmentation = .none
        augmentation.columnShift = 5.0 / 32
        augmentation.horizontalFlip = true
        #expect(applied(augmentation, sample: sample) == warped(columnShift: columns, mirrored: mirrored))
        augmentation = .none
        augmentation.verticalFlip = true
        #expect(applied(augmentation, sample: sample) == warped(inverted: inverted))
    }

    @Test("half of the images are mirrored, and all change within the range of the source")
    func statistics() {
        var augmentation = Augmentation.none
        augmentation.horizontalFlip = true
        let mirrored = (0..<1000).filter { applied(augmentation, sample: $0) != ramp }.count
        #expect(abs(mirrored - 500) < 80)
        for sample in 0..<50 {
            let image = applied(.article, sample: sample)
            #expect(image.allSatisfy { $0 >= 0 && $0 <= 3071 })
            let change = zip(image, ramp).reduce(Float(0)) { $0 + abs($1.0 - $1.1) } / 3072
            // One row is 96, and neither a shift nor a turn of the article moves a pixel by more than about seven.
            #expect(change > 0.1 && change < 96 * 7)
        }
    }
}
