/// The format in which sums of gradients travel between ranks.
///
/// In a format of 16 bits *every* node of the tree of sums is rounded to it, those within a rank included. What travels
/// is then exact, wherever the tree is cut, so that a compressed training, too, has the same bits on any number of ranks.
public enum GradientCompression: String, Codable, CaseIterable, Sendable {
    /// Single precision, as computed.
    case single = "none"
    /// bfloat16: the upper half of a single: its range, 8 bits of precision.
    case bf16
    /// IEEE 754 half precision of 1024 times the value: 11 bits from 6e-8 to 64. Larger values become 64, smaller
    /// ones lose bits down to 6e-11.
    case fp16

    /// Bytes of one number on its way.
    public var byteCount: Int { self == .single ? 4 : 2 }

    private static let scale: Float = 1024
    private static let largestHalf: Float = 65504
    private typealias Words = SIMD16<UInt32>
    private typealias HalfWords = SIMD16<UInt16>
    private typealias Floats = SIMD16<Float>
    private typealias Halves = SIMD16<Float16>
    private typealias Summands = UnsafeBufferPointer<UnsafeMutablePointer<Float>>

    /// Rounds numbers in place to those that the format has, to nearest, ties to even.
    public func round(_ values: UnsafeMutablePointer<Float>, count: Int) {
        guard self != .single else { return }
        withRounding { rounded in
            forEachVector(count) { start, length in
                Self.store(rounded(Self.load(values + start, length)), values + start, length)
            }
        }
    }

    /// `target = left + right`, where summands and sum are rounded; the target may be one of them. One pass over memory:
    /// summands need not be rounded before, and those that are stay as they are.
    public func sum(
        _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>,
        count: Int
    ) {
        addUp(right, to: left, then: Summands(start: nil, count: 0), into: target, count: count)
    }

    /// The sums of nodes that end together, each one the right summand of the next: `values` is added to each of the left
    /// `summands`, lowest node first, and only the highest sum is written; the target may be any of them. One pass over
    /// memory for all. Summands and sums are rounded; all summands but the lowest need to be rounded before.
    public func sum(
        _ values: UnsafePointer<Float>, completing summands: ArraySlice<UnsafeMutablePointer<Float>>,
        into target: UnsafeMutablePointer<Float>, count: Int
    ) {
        summands.withUnsafeBufferPointer { summands in
            guard let lowest = summands.first else { return }
            let above = Summands(rebasing: summands.dropFirst())
            addUp(values, to: lowest, then: above, into: target, count: count)
        }
    }

    private func addUp(
        _ values: UnsafePointer<Float>, to lowest: UnsafePointer<Float>, then above: Summands,
        into target: UnsafeMutablePointer<Float>, count: Int
    ) {
        withRounding { rounded in
            forEachVector(count) { start, length in
                let left = rounded(Self.load(lowest + start, length))
                let right = rounded(Self.load(values + start, length))
                var sum = rounded(left + right)
                for summand in above { sum = rounded(Self.load(summand + start, length) + sum) }
                Self.store(sum, target + start, length)
            }
        }
    }

    /// Writes numbers in the format, rounded; `byteCount` bytes each, at any alignment.
    public func pack(_ source: UnsafePointer<Float>, into target: UnsafeMutableRawPointer, count: Int) {
        guard self != .single else { return target.copyMemory(from: source, byteCount: count * byteCount) }
        let words = target.assumingMemoryBound(to: UInt16.self)
        forEachVector(count) { start, length in
            Self.store(encoded(Self.load(source + start, length)), words + start, length)
        }
    }

    /// Reads numbers that `pack` wrote.
    public func unpack(_ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, count: Int) {
        guard self != .single else {
            return UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: count * byteCount)
        }
        let words = source.assumingMemoryBound(to: UInt16.self)
        forEachVector(count) { start, length in
            Self.store(decoded(Self.load(words + start, length)), target + start, length)
        }
    }

    /// Runs a loop made for one way of rounding, so that it need not ask for every vector.
    @inline(__always)
    private func withRounding(_ loop: (_ rounded: (Floats) -> Floats) -> Void) {
        switch self {
        case .single: loop { $0 }
        case .bf16: loop { Self.brainFloats($0) }
        case .fp16: loop { Self.scaledHalves($0) }
        }
    }

    @inline(__always)
    private func encoded(_ values: Floats) -> HalfWords {
        if self == .fp16 { return unsafeBitCast(Self.halves(values), to: HalfWords.self) }
        return HalfWords(truncatingIfNeeded: unsafeBitCast(Self.brainFloats(values), to: Words.self) &>> 16)
    }

    /// Not a number stays so: the rounding of its bits could carry into the exponent, so it is replaced before.
    @inline(__always)
    private static func brainFloats(_ values: Floats) -> Floats {
        let isNumber = values .== values
        let numbers = Floats(repeating: .nan).replacing(with: values, where: isNumber)
        let bits = unsafeBitCast(numbers, to: Words.self)
        let odd = (bits &>> 16) & Words(repeating: 1)
        let rounded = bits &+ (Words(repeating: 0x7FFF) &+ odd)
        return unsafeBitCast(rounded & Words(repeating: 0xFFFF_0000), to: Floats.self)
    }

    @inline(__always)
    private static func halves(_ values: Floats) -> Halves { Halves(scaledHalves(values) * scale) }

    /// As converting to half precision and back, which Swift does lane by lane: the magnitude is bounded and rounded to 11
    /// bits, or below the smallest normal half to a multiple of 2⁻²⁴, by adding a number whose last bit is that.
    @inline(__always)
    private static func scaledHalves(_ values: Floats) -> Floats {
        let isNumber = values .== values
        let bits = unsafeBitCast(Floats(repeating: .nan).replacing(with: values, where: isNumber), to: Words.self)
        let sign = bits & Words(repeating: 0x8000_0000)
        let scaled = unsafeBitCast(bits ^ sign, to: Floats.self) * scale
        let magnitude = scaled.replacing(with: largestHalf, where: scaled .> Floats(repeating: largestHalf))
        let words = unsafeBitCast(magnitude, to: Words.self)
        let odd = (words &>> 13) & Words(repeating: 1)
        let normal = (words &+ (Words(repeating: 0xFFF) &+ odd)) & Words(repeating: 0xFFFF_E000)
        let step = Floats(repeating: 0.75)
        let rounded = unsafeBitCast(normal, to: Floats.self)
            .replacing(with: (magnitude + step) - step, where: magnitude .< Floats(repeating: 0x1p-14))
        return unsafeBitCast(unsafeBitCast(rounded * (1 / scale), to: Words.self) | sign, to: Floats.self)
    }

    @inline(__always)
    private func decoded(_ words: HalfWords) -> Floats {
        if self == .fp16 { return Floats(unsafeBitCast(words, to: Halves.self)) * (1 / Self.scale) }
        return unsafeBitCast(Words(truncatingIfNeeded: words) &<< 16, to: Floats.self)
    }

    /// Whole vectors, and what is left one by one.
    @inline(__always)
    private func forEachVector(_ count: Int, _ body: (_ start: Int, _ length: Int) -> Void) {
        var start = 0
        while start + Floats.scalarCount <= count {
            body(start, Floats.scalarCount)
            start += Floats.scalarCount
        }
        if start < count { body(start, count - start) }
    }

    @inline(__always)
    private static func load<Vector: SIMD>(_ source: UnsafePointer<Vector.Scalar>, _ length: Int) -> Vector {
        if length == Vector.scalarCount { return UnsafeRawPointer(source).loadUnaligned(as: Vector.self) }
        var vector = Vector()
        for lane in 0..<length { vector[lane] = source[lane] }
        return vector
    }

    @inline(__always)
    private static func store<Vector: SIMD>(
        _ vector: Vector, _ target: UnsafeMutablePointer<Vector.Scalar>, _ length: Int
    ) {
        if length == Vector.scalarCount {
            return UnsafeMutableRawPointer(target).storeBytes(of: vector, as: Vector.self)
        }
        for lane in 0..<length { target[lane] = vector[lane] }
    }
}
