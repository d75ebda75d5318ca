/// Reads the small part of JSON that a safetensors header is made of, strictly and without recursion.
///
/// Foundation's JSON reader keeps one of two equal keys silently, which this format must refuse, and reads numbers by
/// way of `Double`. Every number and every length in the text is checked before it is used.
struct HeaderScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads an object and has `visit` read the value of each key.
    mutating func object(
        _ visit: (inout HeaderScanner, String) throws(HeaderProblem) -> Void
    ) throws(HeaderProblem) {
        try expect("{")
        if skip("}") { return }
        repeat {
            let key = try string()
            try expect(":")
            try visit(&self, key)
        } while skip(",")
        try expect("}")
    }

    /// Reads an array of whole numbers, none negative.
    mutating func integers() throws(HeaderProblem) -> [Int] {
        try expect("[")
        if skip("]") { return [] }
        var values: [Int] = []
        repeat { values.append(try integer()) } while skip(",")
        try expect("]")
        return values
    }

    /// Reads a string, escapes resolved.
    mutating func string() throws(HeaderProblem) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while true {
            let byte = try next()
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw HeaderProblem("its header holds a name that is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): text.append(contentsOf: Character(try escape()).utf8)
            case 0..<0x20: throw unexpected()
            default: text.append(byte)
            }
        }
    }

    /// Makes sure that nothing but white space is left.
    mutating func end() throws(HeaderProblem) {
        skipSpace()
        guard position == bytes.count else {
            position += 1
            throw unexpected()
        }
    }

    private mutating func integer() throws(HeaderProblem) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while position < bytes.count, case let digit = Int(bytes[position]) - 0x30, (0...9).contains(digit) {
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(digit)
            guard !overflowed, !carried else { throw HeaderProblem("its header holds a number of too many digits") }
            value = sum
            position += 1
        }
        let hasLeadingZero = position - start > 1 && bytes[start] == UInt8(ascii: "0")
        guard position > start, !hasLeadingZero else {
            position = min(start + 1, bytes.count)
            throw unexpected()
        }
        return value
    }

    /// The character behind a backslash; \u escapes above 16 bits come as a pair of surrogates.
    private mutating func escape() throws(HeaderProblem) -> Unicode.Scalar {
        switch try next() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw unexpected()
        }
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, try next() == UInt8(ascii: "\\"), try next() == UInt8(ascii: "u") else {
            throw unexpected()
        }
        let low = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw unexpected() }
        return scalar
    }

    private mutating func hexadecimal() throws(HeaderProblem) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(try next())).hexDigitValue else { throw unexpected() }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private mutating func next() throws(HeaderProblem) -> UInt8 {
        guard position < bytes.count else { throw HeaderProblem("its header ends in the middle of an entry") }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func expect(_ wanted: Unicode.Scalar) throws(HeaderProblem) {
        skipSpace()
        guard try next() == UInt8(ascii: wanted) else { throw unexpected() }
    }

    /// Steps over `wanted` if it comes next.
    private mutating func skip(_ wanted: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: wanted) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// The problem with the byte that was read last.
    private func unexpected() -> HeaderProblem {
        HeaderProblem("its header cannot be read at byte \(max(position - 1, 0))")
    }
}

/// What is wrong with the text of a header, without the name of the file, which the scanner does not know.
struct HeaderProblem: Error {
    /// The kind of problem: damaged, or whole and unsupported.
    let problem: CheckpointProblem
    /// The words after "because", or a whole sentence's middle when unsupported.
    let words: String

    init(_ words: String, problem: CheckpointProblem = .damaged) {
        self.problem = problem
        self.words = words
    }

    /// A name from a file, made safe for a sentence: short, on one line, and without control characters.
    static func printable(_ name: String) -> String {
        let shown = name.unicodeScalars.prefix(80).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: "?"
            default: String(scalar)
            }
        }
        return shown.joined() + (name.unicodeScalars.count > 80 ? "…" : "")
    }
}
