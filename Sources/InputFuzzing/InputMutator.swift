import Tensors

/// Makes hostile inputs out of valid ones. Input `number` of a seed is always the same.
package struct InputMutator {
    private static let numbers = [
        "0", "-1", "1e999", "0.5", "00", "127", "255", "65536", "2147483647", "2147483648", "4294967295", "4294967296",
        "4611686018427387904", "9223372036854775807", "9223372036854775808", "18446744073709551615",
        "18446744073709551616", "-9223372036854775808", "99999999999999999999999999999999999999", "1e-400", "NaN",
    ]
    private static let words: [UInt64] = [
        0, 1, 2, 8, 100_000_000, 100_000_001, 1 << 31, 1 << 32, 1 << 62, 1 << 63, UInt64(Int.max) - 7, .max,
    ]
    /// Broken starts and continuations, an overlong slash, a surrogate, and a scalar beyond Unicode.
    private static let invalidText: [[UInt8]] = [
        [0xFF], [0x80], [0xC3], [0xE2, 0x82], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
    ]
    /// Valid text that could steer a terminal or break a line: a null, an escape, a separator of lines, a change of
    /// direction, a joiner, and an accent that clings to what is before it.
    private static let unseenText = ["\0", "\u{1B}[31m", "\u{2028}", "\u{202E}", "\u{200D}", "\u{301}", "\u{85}"]
    /// The bytes that end an entry, a list, an item, a line or a word.
    private static let ends = Array("}],\n\0".utf8)
    /// No input becomes longer than this, in bytes.
    package static let longest = 65_536

    private let samples: [[UInt8]]
    private let tokens: [[UInt8]]
    private var stream: RandomStream

    /// The mutator of one input of a reader.
    package init(reader: some FuzzedReader, seed: UInt64, number: Int) {
        samples = reader.samples
        tokens = reader.tokens + Self.unseenText.map { Array($0.utf8) }
        // The epoch holds what does not fit into the 32 bits of the sample.
        stream = RandomStream(seed: seed, purpose: .synthetic, epoch: number >> 32, sample: number)
    }

    /// The input, and whether its lengths are to be made to fit again.
    package mutating func next() -> (input: [UInt8], isFramed: Bool) {
        let isFramed = stream.uniform() < 0.6
        if stream.uniform() < 0.02 { return (randomBytes(most: 4096), isFramed) }
        var input = pick(samples)
        // Mostly few: of several mutations at once, one usually hides what the others would have found.
        for _ in 0..<min(below(4), below(4)) + 1 {
            apply(Mutation.allCases[below(Mutation.allCases.count)], to: &input)
            if input.count > Self.longest { input.removeLast(input.count - Self.longest) }
        }
        return (input, isFramed)
    }

    /// Damages an input in one way.
    package mutating func apply(_ mutation: Mutation, to input: inout [UInt8]) {
        switch mutation {
        case .flipBits:
            for _ in 0..<below(8) + 1 where !input.isEmpty { input[below(input.count)] ^= 1 << UInt8(below(8)) }
        case .truncate: input.removeLast(input.count - below(input.count + 1))
        case .splice:
            let other = pick(samples)
            input = Array(input.prefix(below(input.count + 1)) + other.suffix(below(other.count + 1)))
        case .insertToken:
            let range = stream.uniform() < 0.5 ? boundary(of: input) : piece(of: input, most: 8)
            input.replaceSubrange(range, with: pick(tokens))
        case .insertHugeNumber: insertNumber(into: &input)
        case .overwriteWord: overwriteWord(of: &input)
        case .repeatPiece:
            let copy = Array(input[piece(of: input, most: max(input.count / 2, 1))])
            input.replaceSubrange(boundary(of: input), with: copy)
        case .nest: nest(&input)
        case .breakEncoding: input.replaceSubrange(piece(of: input, most: 2), with: pick(Self.invalidText))
        case .scramble: for index in piece(of: input, most: 64) { input[index] = UInt8(below(256)) }
        case .remove: input.removeSubrange(piece(of: input, most: 64))
        }
    }

    private mutating func insertNumber(into input: inout [UInt8]) {
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        var range = piece(of: input, most: 3)
        // From a random place on, the next run of digits, so that numbers take the place of numbers.
        if stream.uniform() < 0.8, let start = input[range.lowerBound...].firstIndex(where: isDigit) {
            range = start..<(input[start...].firstIndex { !isDigit($0) } ?? input.count)
        }
        input.replaceSubrange(range, with: Array(pick(Self.numbers).utf8))
    }

    private mutating func overwriteWord(of input: inout [UInt8]) {
        guard input.count >= 8 else { return }
        let place = stream.uniform() < 0.5 ? 0 : below(input.count - 7)
        let word = stream.uniform() < 0.5 ? pick(Self.words) : UInt64(below(input.count + 16))
        for byte in 0..<8 { input[place + byte] = UInt8(truncatingIfNeeded: word >> (8 * UInt64(byte))) }
    }

    private mutating func nest(_ input: inout [UInt8]) {
        let depth = below(stream.uniform() < 0.1 ? 3000 : 30) + 1
        let (open, close) = pick([("[", "]"), ("{\"a\":", "}"), ("{\"shape\":[", "]}")])
        var text = String(repeating: open, count: depth)
        if stream.uniform() < 0.5 { text += "1" + String(repeating: close, count: depth) }
        input.replaceSubrange(piece(of: input, most: 4), with: Array(text.utf8))
    }

    private mutating func randomBytes(most: Int) -> [UInt8] {
        (0..<below(most + 1)).map { _ in UInt8(truncatingIfNeeded: stream.nextWord()) }
    }

    /// A random range of at most `most` bytes.
    private mutating func piece(of input: [UInt8], most: Int) -> Range<Int> {
        let start = below(input.count + 1)
        return start..<min(start + below(most + 1), input.count)
    }

    /// The empty range behind the first byte that ends something, from a random place on: there a whole piece may fit.
    private mutating func boundary(of input: [UInt8]) -> Range<Int> {
        let start = below(input.count + 1)
        let end = input[start...].firstIndex { Self.ends.contains($0) }.map { $0 + 1 } ?? start
        return end..<end
    }

    private mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

    /// A number in 0..<bound; the bias of the remainder does not matter here.
    private mutating func below(_ bound: Int) -> Int { Int(stream.nextWord()) % bound }
}
