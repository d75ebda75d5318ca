import Kernels
import Tensors
import Testing

@Suite("Gradients in 16 bits")
struct GradientCompressionTests {
    // Values of all magnitudes that gradients have, zeros, ties and numbers near the ends of the formats.
    static let values: [Float] = {
        var stream = RandomStream(seed: 5, purpose: .synthetic)
        let draws = (0..<997).map { _ in
            Float(sign: .plus, exponent: Int(stream.uniform(-40, 7)), significand: stream.uniform(-2, 2))
        }
        return draws + [0, -0.0, 1, -1, 1.00390625, 1.01171875, 63.9, 64, -64, 1e-7, -1e-9, 6e-8, 3.3e38]
    }()

    private func rounded(_ values: [Float], _ compression: GradientCompression) -> [Float] {
        var result = values
        result.withUnsafeMutableBufferPointer { compression.round($0.baseAddress!, count: $0.count) }
        return result
    }

    // Guards: bf16 is the nearest number with 8 bits of precision, ties to even, found here by comparing distances.
    @Test func brainFloatIsTheNearest() {
        for (value, result) in zip(Self.values, rounded(Self.values, .bf16)) {
            let below = Float(bitPattern: value.bitPattern & 0xFFFF_0000)
            let above = Float(bitPattern: (value.bitPattern & 0xFFFF_0000) &+ 0x1_0000)
            let (down, up) = (abs(Double(value) - Double(below)), abs(Double(above) - Double(value)))
            let even = (below.bitPattern >> 16) % 2 == 0 ? below : above
            #expect(result == (down == up ? even : down < up ? below : above), "\(value)")
        }
    }

    // Guards: fp16 is IEEE's half of 1024 times the value, and what it cannot hold becomes its largest.
    @Test func halfIsScaledAndBounded() {
        for (value, result) in zip(Self.values, rounded(Self.values, .fp16)) {
            let half = Float16(min(max(value * 1024, -65504), 65504))
            #expect(result == Float(half) / 1024, "\(value)")
            #expect(result.isFinite)
        }
    }

    // Guards: rounding without a conversion gives the bits of IEEE's conversion to half precision, signs of zeros included,
    // for any bits that are a number.
    @Test func halfIsIEEEs() {
        var stream = RandomStream(seed: 7, purpose: .synthetic)
        let words = (0..<200_000).map { _ in UInt32(stream.uniform(0, 65536)) << 16 | UInt32(stream.uniform(0, 65536)) }
        // Around every half there is, and the ties between two.
        let halves = stride(from: 0, to: 1 << 16, by: 3).flatMap { pattern in
            let bits = (Float(Float16(bitPattern: UInt16(pattern))) / 1024).bitPattern
            return [bits &- 1, bits, bits &+ 1, bits &+ 0x1000, bits &+ 0x0FFF, bits &+ 0x1001]
        }
        let values = (words + halves).map { Float(bitPattern: $0) }.filter { !$0.isNaN }
        for (value, result) in zip(values, rounded(values, .fp16)) {
            let half = Float16(min(max(value * 1024, -65504), 65504))
            #expect(result.bitPattern == (Float(half) / 1024).bitPattern, "\(value)")
        }
    }

    // Guards: a sum in one pass is the rounded sum of rounded summands, whole vectors and remainders, in place or not.
    @Test(arguments: GradientCompression.allCases, [0, 1, 16, 33, 1010])
    func sumsAreRounded(compression: GradientCompression, count: Int) {
        let left = Array(Self.values.prefix(count))
        let right = Array(Self.values.reversed().prefix(count))
        let exact = zip(rounded(left, compression), rounded(right, compression)).map { $0 + $1 }
        let expected = rounded(exact, compression).map(\.bitPattern)
        var apart = [Float](repeating: 0, count: count)
        compression.sum(left, right, into: &apart, count: count)
        #expect(apart.map(\.bitPattern) == expected)
        var inPlace = left
        inPlace.withUnsafeMutableBufferPointer { buffer in
            guard let target = buffer.baseAddress else { return }
            compression.sum(target, right, into: target, count: count)
        }
        #expect(inPlace.map(\.bitPattern) == expected)
    }

    // Guards: sums that end together, made in one pass, are those made one by one, whichever of them is overwritten.
    @Test(arguments: GradientCompression.allCases, [1, 2, 4])
    func sumsThatEndTogether(compression: GradientCompression, nodes: Int) {
        let count = 77
        let rows = (0...nodes).map { Array(Self.values.dropFirst(100 * $0).prefix(count)) }
        let summands = rows.prefix(1) + rows.dropFirst().prefix(nodes - 1).map { rounded($0, compression) }
        var expected = rows[nodes]
        for summand in summands {
            expected.withUnsafeMutableBufferPointer { values in
                compression.sum(summand, values.baseAddress!, into: values.baseAddress!, count: count)
            }
        }
        for overwritten in 0...nodes {
            let tensors = (summands + [rows[nodes]]).map { Tensor([count], values: $0) }
            compression.sum(
                tensors[nodes].pointer, completing: tensors.prefix(nodes).map(\.pointer)[...],
                into: tensors[overwritten].pointer, count: count)
            let result = (0..<count).map { tensors[overwritten].pointer[$0].bitPattern }
            #expect(result == expected.map(\.bitPattern), "row \(overwritten) overwritten")
        }
    }

    // Guards: a gradient that is no number is not hidden, or a diverged training would go on.
    @Test(arguments: [GradientCompression.bf16, .fp16])
    func notANumberStays(compression: GradientCompression) {
        let worst = Float(bitPattern: 0x7FFF_FFFF)
        for count in [1, 16, 21] {
            let result = rounded(Array(repeating: worst, count: count), compression)
            #expect(result.allSatisfy { $0.isNaN })
        }
    }

    // Guards that a tree may be cut anywhere: what is rounded travels without loss, whole vectors and remainders.
    @Test(arguments: GradientCompression.allCases, [0, 1, 15, 16, 17, 1010])
    func travelsAsRounded(compression: GradientCompression, count: Int) {
        let values = Array(Self.values.prefix(count))
        var bytes = [UInt8](repeating: 0, count: count * compression.byteCount + 1)
        var received = [Float](repeating: 0, count: count)
        bytes.withUnsafeMutableBytes { compression.pack(values, into: $0.baseAddress!, count: count) }
        bytes.withUnsafeBytes { compression.unpack($0.baseAddress!, into: &received, count: count) }
        #expect(received == rounded(values, compression))
        #expect(rounded(received, compression) == received)
        #expect(bytes.last == 0)
    }
}
