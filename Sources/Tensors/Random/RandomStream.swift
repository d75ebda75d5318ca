import Foundation

/// What a random draw is for. Draws for different purposes never overlap.
public enum RandomPurpose: UInt32, Sendable, CaseIterable {
    /// Initial weights; the sample is the parameter's index.
    case initialization = 1
    /// The order of an epoch's samples.
    case shuffle = 2
    /// Geometric augmentation of one image.
    case augmentation = 3
    /// Dropout masks of one image.
    case dropout = 4
    /// Images of the built-in synthetic data set.
    case synthetic = 5
    /// The jitter of a simulated rank; the epoch is the step, the sample the rank.
    case projection = 6
}

/// A counter-based random stream: its values depend on (seed, purpose, epoch, sample) and the position alone.
///
/// Any rank can therefore draw any sample's numbers, in any order, and always gets the same ones. The generator is
/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
public struct RandomStream: RandomNumberGenerator, Sendable {
    private let key: SIMD2<UInt32>
    private let prefix: SIMD3<UInt32>
    private var block: UInt32 = 0
    private var values = SIMD4<UInt32>()
    private var position = 4

    /// The stream of one sample in one epoch for one purpose; `series` tells several users of one purpose apart.
    public init(seed: UInt64, purpose: RandomPurpose, epoch: Int = 0, sample: Int = 0, series: Int = 0) {
        key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        precondition((0..<1 << 24).contains(series), "series \(series)")
        prefix = SIMD3(
            UInt32(truncatingIfNeeded: sample), UInt32(truncatingIfNeeded: epoch),
            purpose.rawValue | UInt32(series) << 8)
    }

    /// The next 32 random bits.
    public mutating func nextWord() -> UInt32 {
        if position == 4 {
            values = Self.philox(counter: SIMD4(block, prefix.x, prefix.y, prefix.z), key: key)
            block &+= 1
            position = 0
        }
        defer { position += 1 }
        return values[position]
    }

    /// Fills `words` with the next words, as many calls of `nextWord()` would; sixteen blocks are drawn side by side.
    public mutating func fill(_ words: UnsafeMutableBufferPointer<UInt32>) {
        var index = 0
        while index < words.count, position < 4 {
            words[index] = nextWord()
            index += 1
        }
        typealias Lanes = SIMD16<UInt32>
        while index + 64 <= words.count {
            let counters = Lanes(repeating: block) &+ Lanes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
            let drawn = Self.philox(
                (counters, Lanes(repeating: prefix.x), Lanes(repeating: prefix.y), Lanes(repeating: prefix.z)), key: key
            )
            for lane in 0..<16 {
                let target = words.baseAddress! + index + 4 * lane
                (target[0], target[1]) = (drawn.0[lane], drawn.1[lane])
                (target[2], target[3]) = (drawn.2[lane], drawn.3[lane])
            }
            block &+= 16
            index += 64
        }
        while index < words.count {
            words[index] = nextWord()
            index += 1
        }
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        let low = UInt64(nextWord())
        return low | UInt64(nextWord()) << 32
    }

    /// A number in [0, 1), on a grid of 2⁻²⁴.
    public mutating func uniform() -> Float {
        Float(nextWord() >> 8) * 0x1p-24
    }

    /// A number between the bounds.
    public mutating func uniform(_ lower: Float, _ upper: Float) -> Float {
        lower + (upper - lower) * uniform()
    }

    /// A draw from the standard normal distribution (Box–Muller).
    public mutating func normal() -> Float {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * Float.pi * uniform())
    }

    /// One Philox4x32-10 block.
    package static func philox(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var c = counter
        var k = key
        for _ in 0..<10 {
            let p0 = UInt64(c.x) &* 0xD251_1F53
            let p1 = UInt64(c.z) &* 0xCD9E_8D57
            c = SIMD4(
                UInt32(truncatingIfNeeded: p1 >> 32) ^ c.y ^ k.x, UInt32(truncatingIfNeeded: p1),
                UInt32(truncatingIfNeeded: p0 >> 32) ^ c.w ^ k.y, UInt32(truncatingIfNeeded: p0))
            k = SIMD2(k.x &+ 0x9E37_79B9, k.y &+ 0xBB67_AE85)
        }
        return c
    }

    /// Sixteen Philox4x32-10 blocks, one a lane.
    private static func philox(
        _ counters: (SIMD16<UInt32>, SIMD16<UInt32>, SIMD16<UInt32>, SIMD16<UInt32>), key: SIMD2<UInt32>
    ) -> (SIMD16<UInt32>, SIMD16<UInt32>, SIMD16<UInt32>, SIMD16<UInt32>) {
        @inline(__always)
        func product(_ lanes: SIMD16<UInt32>, _ factor: UInt64) -> (high: SIMD16<UInt32>, low: SIMD16<UInt32>) {
            let wide = SIMD16<UInt64>(truncatingIfNeeded: lanes) &* factor
            return (SIMD16(truncatingIfNeeded: wide &>> 32), SIMD16(truncatingIfNeeded: wide))
        }
        var c = counters
        var k = key
        for _ in 0..<10 {
            let p0 = product(c.0, 0xD251_1F53)
            let p1 = product(c.2, 0xCD9E_8D57)
            c = (p1.high ^ c.1 ^ k.x, p1.low, p0.high ^ c.3 ^ k.y, p0.low)
            k = SIMD2(k.x &+ 0x9E37_79B9, k.y &+ 0xBB67_AE85)
        }
        return c
    }
}
