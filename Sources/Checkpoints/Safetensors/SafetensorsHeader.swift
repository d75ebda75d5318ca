import Tensors

/// The content of a safetensors header, checked against the length of the data behind it.
///
///     {"__metadata__": {"key": "text", …},
///      "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
///
/// Offsets count from the start of the data. The tensors must cover the data wholly, without holes or overlaps.
struct SafetensorsHeader {
    /// The longest header that is read, in bytes: the limit of the format's own library.
    static let longest = 100_000_000
    /// The key that holds texts instead of a tensor.
    static let metadataKey = "__metadata__"

    /// The texts that travel with the tensors.
    private(set) var metadata: [String: String] = [:]
    /// The tensors in the order of the header.
    private(set) var entries: [SafetensorsEntry] = []

    /// Reads the text of a header in front of `dataLength` bytes of data.
    init(text: [UInt8], dataLength: Int) throws(HeaderProblem) {
        guard text.first == UInt8(ascii: "{") else { throw HeaderProblem("its header does not begin with {") }
        var scanner = HeaderScanner(text)
        var names: Set<String> = []
        var metadata: [String: String] = [:]
        var entries: [SafetensorsEntry] = []
        try scanner.object { (scanner, name) throws(HeaderProblem) in
            guard names.insert(name).inserted else {
                throw HeaderProblem("its header lists \(HeaderProblem.printable(name)) twice")
            }
            if name == Self.metadataKey {
                metadata = try Self.metadata(&scanner)
            } else {
                entries.append(try Self.entry(name, &scanner, dataLength: dataLength))
            }
        }
        try scanner.end()
        try Self.checkCover(entries, dataLength: dataLength)
        self.metadata = metadata
        self.entries = entries
    }

    private static func metadata(_ scanner: inout HeaderScanner) throws(HeaderProblem) -> [String: String] {
        var metadata: [String: String] = [:]
        try scanner.object { (scanner, key) throws(HeaderProblem) in
            guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
                throw HeaderProblem("its metadata lists \(HeaderProblem.printable(key)) twice")
            }
        }
        return metadata
    }

    private static func entry(
        _ name: String, _ scanner: inout HeaderScanner, dataLength: Int
    ) throws(HeaderProblem) -> SafetensorsEntry {
        let shown = HeaderProblem.printable(name)
        var dtype: String?
        var dimensions: [Int]?
        var offsets: [Int]?
        try scanner.object { (scanner, key) throws(HeaderProblem) in
            switch key {
            case "dtype" where dtype == nil: dtype = try scanner.string()
            case "shape" where dimensions == nil: dimensions = try scanner.integers()
            case "data_offsets" where offsets == nil: offsets = try scanner.integers()
            default: throw HeaderProblem("the entry of \(shown) has a wrong field \(HeaderProblem.printable(key))")
            }
        }
        guard let dtype, let dimensions, let offsets, offsets.count == 2 else {
            throw HeaderProblem("the entry of \(shown) lacks dtype, shape or data_offsets")
        }
        guard let elementType = ElementType(rawValue: dtype) else {
            throw HeaderProblem("\(shown) has type \(HeaderProblem.printable(dtype))", problem: .unsupported)
        }
        guard offsets[0] <= offsets[1], offsets[1] <= dataLength else {
            throw HeaderProblem("\(shown) lies at \(offsets[0])..<\(offsets[1]) of \(dataLength) bytes of data")
        }
        let range = offsets[0]..<offsets[1]
        guard Self.byteCount(dimensions, elementType) == range.count else {
            throw HeaderProblem("the shape of \(shown) does not fill its \(range.count) bytes")
        }
        return SafetensorsEntry(name: name, elementType: elementType, shape: Shape(dimensions), byteRange: range)
    }

    /// The bytes of a tensor, or nil when the product does not fit.
    private static func byteCount(_ dimensions: [Int], _ elementType: ElementType) -> Int? {
        var count = 1
        for factor in dimensions + [elementType.byteCount] {
            let (product, overflowed) = count.multipliedReportingOverflow(by: factor)
            if overflowed { return nil }
            count = product
        }
        return count
    }

    private static func checkCover(_ entries: [SafetensorsEntry], dataLength: Int) throws(HeaderProblem) {
        var covered = 0
        let ordered = entries.map(\.byteRange).sorted {
            ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
        }
        for range in ordered {
            guard range.lowerBound == covered else {
                let what = range.lowerBound < covered ? "two tensors overlap" : "no tensor covers the bytes"
                throw HeaderProblem("\(what) at byte \(min(covered, range.lowerBound)) of the data")
            }
            covered = range.upperBound
        }
        guard covered == dataLength else {
            throw HeaderProblem("its tensors cover \(covered) of \(dataLength) bytes of data")
        }
    }
}

/// One tensor of a safetensors file as its header describes it, checked against the file.
public struct SafetensorsEntry: Sendable, Hashable {
    /// The tensor's name.
    public let name: String
    /// The type of its elements.
    public let elementType: ElementType
    /// Its extents, outermost first; empty for a single number.
    public let shape: Shape
    /// Its bytes, counted from the start of the file's data.
    public let byteRange: Range<Int>
}
