/// A 64-bit hash of floats by their bits, as fast as memory is read: it finds accidents, not attacks.
///
/// Sixteen lanes take every sixteenth word each: lane ← (lane ⊕ word) · p with an odd p, a bijection, so that a change of
/// a single word always changes the hash.
package struct QuickHash: Sendable {
    private static let prime = SIMD16<UInt32>(repeating: 0x9E37_79B1)
    private static let longPrime: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The hash of what was added so far.
    package private(set) var value: UInt64 = 0

    /// The hash of nothing.
    package init() {}

    /// Adds a run of floats; where runs begin and end makes a difference.
    package mutating func add(_ floats: UnsafeBufferPointer<Float>) {
        var lanes = SIMD16<UInt32>(repeating: 0)
        let whole = floats.count / 16 * 16
        let words = UnsafeRawPointer(floats.baseAddress)
        for start in stride(from: 0, to: whole, by: 16) {
            let next = words!.loadUnaligned(fromByteOffset: 4 * start, as: SIMD16<UInt32>.self)
            lanes = (lanes ^ next) &* Self.prime
        }
        for index in whole..<floats.count {
            lanes[index - whole] = (lanes[index - whole] ^ floats[index].bitPattern) &* Self.prime[0]
        }
        add(UInt64(floats.count))
        for lane in 0..<16 { add(UInt64(lanes[lane])) }
    }

    /// Adds a number.
    package mutating func add(_ number: UInt64) {
        value = (value ^ number) &* Self.longPrime
        value ^= value >> 29
    }
}
