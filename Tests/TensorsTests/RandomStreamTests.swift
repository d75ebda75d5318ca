import Tensors
import Testing

@Suite("Counter-based random streams")
struct RandomStreamTests {
    // Guards: the generator is Philox4x32-10, by its published known answer for counter 0 and key 0.
    @Test func isPhilox() {
        let words = RandomStream.philox(counter: .zero, key: .zero)
        #expect(words == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    }

    // Guards: every part of the key matters, and the same key gives the same numbers.
    @Test func streamsAreKeyed() {
        func first(_ seed: UInt64, _ purpose: RandomPurpose, _ epoch: Int, _ sample: Int) -> [UInt64] {
            var stream = RandomStream(seed: seed, purpose: purpose, epoch: epoch, sample: sample)
            return (0..<4).map { _ in stream.next() }
        }
        let streams = [
            first(1, .dropout, 2, 3), first(2, .dropout, 2, 3), first(1 << 40 | 1, .dropout, 2, 3),
            first(1, .augmentation, 2, 3), first(1, .dropout, 3, 3), first(1, .dropout, 2, 4),
        ]
        #expect(Set(streams).count == streams.count)
        #expect(first(1, .dropout, 2, 3) == streams[0])
        #expect(Set(streams.flatMap { $0 }).count == 24)
    }

    // Guards: the moments of the distributions.
    @Test func distributionsHaveTheirMoments() {
        var stream = RandomStream(seed: 5, purpose: .synthetic)
        let uniform = (0..<40_000).map { _ in Double(stream.uniform()) }
        #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(abs(uniform.reduce(0, +) / 40_000 - 0.5) < 0.01)
        let normal = (0..<40_000).map { _ in Double(stream.normal()) }
        #expect(abs(normal.reduce(0, +) / 40_000) < 0.02)
        #expect(abs(normal.reduce(0) { $0 + $1 * $1 } / 40_000 - 1) < 0.03)
        #expect((0..<1000).allSatisfy { _ in (-3...7).contains(stream.uniform(-3, 7)) })
    }
}
