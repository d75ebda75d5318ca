import Tensors
import Testing

@Suite("Random stream")
struct RandomStreamTests {
    /// From the known-answer file of Random123, the authors' own implementation.
    @Test("Philox4x32-10 gives the published words for counter 0 and key 0")
    func knownAnswer() {
        let words = RandomStream.philox(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
        #expect(words == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    }

    private func words(_ stream: RandomStream, _ count: Int = 8) -> [UInt32] {
        var stream = stream
        return (0..<count).map { _ in stream.nextWord() }
    }

    @Test("streams differ in seed, purpose, epoch and sample, and repeat for the same")
    func keys() {
        var streams = [
            RandomStream(seed: 1, purpose: .shuffle), RandomStream(seed: 2, purpose: .shuffle),
            RandomStream(seed: 1 << 32 | 1, purpose: .shuffle), RandomStream(seed: 1, purpose: .shuffle, epoch: 1),
            RandomStream(seed: 1, purpose: .shuffle, sample: 1),
        ]
        streams += RandomPurpose.allCases.filter { $0 != .shuffle }.map { RandomStream(seed: 1, purpose: $0) }
        let drawn = streams.map { words($0) }
        #expect(Set(drawn).count == streams.count)
        #expect(drawn == streams.map { words($0) })
        #expect(Set(drawn.flatMap { $0 }).count == 8 * streams.count)
    }

    /// A position of the stream must not repeat the block before it.
    @Test("the first thousand words of a stream are all different")
    func blocks() {
        let drawn = words(RandomStream(seed: 7, purpose: .dropout), 1000)
        #expect(Set(drawn).count == 1000)
    }

    @Test("64 bits are two words, the low one first")
    func wide() {
        var stream = RandomStream(seed: 7, purpose: .dropout)
        let pair = words(stream, 2)
        #expect(stream.next() as UInt64 == UInt64(pair[0]) | UInt64(pair[1]) << 32)
    }

    /// Bounds are five standard errors of the moments of U(0, 1) and N(0, 1).
    @Test("uniform and normal draws have the moments of their distributions")
    func moments() {
        let count = 200_000
        var stream = RandomStream(seed: 3, purpose: .initialization)
        let uniforms = (0..<count).map { _ in Double(stream.uniform()) }
        #expect(uniforms.allSatisfy { $0 >= 0 && $0 < 1 })
        expectMoments(uniforms, mean: 0.5, variance: 1.0 / 12, fourth: 1.0 / 80)
        let normals = (0..<count).map { _ in Double(stream.normal()) }
        #expect(normals.allSatisfy { $0.isFinite })
        expectMoments(normals, mean: 0, variance: 1, fourth: 3)
        let within = Double(normals.filter { abs($0) < 1 }.count)
        #expect(abs(within / Double(count) - 0.6827) < 0.006)
    }

    private func expectMoments(_ values: [Double], mean: Double, variance: Double, fourth: Double) {
        let count = Double(values.count)
        let measured = values.reduce(0, +) / count
        let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        #expect(abs(measured - mean) < 5 * (variance / count).squareRoot())
        #expect(abs(spread - variance) < 5 * ((fourth - variance * variance) / count).squareRoot())
    }

    @Test("uniform draws between bounds stay between them")
    func bounds() {
        var stream = RandomStream(seed: 3, purpose: .synthetic)
        let drawn = (0..<10_000).map { _ in stream.uniform(-2, 6) }
        #expect(drawn.allSatisfy { $0 >= -2 && $0 <= 6 })
        #expect(drawn.min()! < -1.9 && drawn.max()! > 5.9)
    }

    // Guards: words drawn many at a time are the words drawn one by one, wherever the run begins and ends.
    @Test(arguments: [0, 1, 3, 4], [0, 2, 63, 64, 65, 131, 512])
    func fillDrawsTheSameWords(before: Int, count: Int) {
        var single = RandomStream(seed: 9, purpose: .dropout, epoch: 2, sample: 5)
        var bulk = single
        for _ in 0..<before { #expect(single.nextWord() == bulk.nextWord()) }
        var words = [UInt32](repeating: 0, count: count)
        words.withUnsafeMutableBufferPointer { bulk.fill($0) }
        #expect(words == (0..<count).map { _ in single.nextWord() })
        #expect(bulk.nextWord() == single.nextWord())
    }
}
