import Tensors

/// The SHA-256 of a checkpoint's whole content, independent of the order in which a file holds it.
///
/// Hashed are, in this order: the number of metadata texts; for each, sorted by key, key and text; the number of
/// tensors; for each, sorted by name: name, dtype, the number of extents, the extents, and the bytes of the elements.
/// Numbers are 64-bit little-endian; every text and every run of bytes follows its length in bytes. The digest's own
/// text is left out. Any changed, lost or added bit of the content changes the digest, and a program that
/// rewrites the file with the same content (as the Python package does) keeps it.
struct ContentDigest {
    private var hash = SHA256()

    /// Starts with the metadata; `tensorCount` tensors must follow.
    init(metadata: [String: String], tensorCount: Int) {
        let keys = metadata.keys.filter { $0 != CheckpointKey.digest }.sorted(by: Self.precedes)
        add(keys.count)
        for key in keys {
            add(key)
            add(metadata[key]!)
        }
        add(tensorCount)
    }

    /// Adds one tensor; tensors come sorted by name.
    mutating func add(name: String, elementType: ElementType, shape: Shape, bytes: UnsafeRawBufferPointer) {
        add(name)
        add(elementType.rawValue)
        add(shape.rank)
        for extent in shape.dimensions { add(extent) }
        add(bytes.count)
        hash.update(bytes)
    }

    /// The digest of everything added, as 64 hexadecimal digits.
    mutating func hexadecimal() -> String {
        let digits = Array("0123456789abcdef".unicodeScalars)
        var text = String.UnicodeScalarView()
        for byte in hash.finalize() { text.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]]) }
        return String(text)
    }

    /// The digest of a checkpoint that is about to be written.
    static func of(_ tensors: [NamedTensor], metadata: [String: String]) -> String {
        var digest = ContentDigest(metadata: metadata, tensorCount: tensors.count)
        for tensor in tensors.sorted(by: { precedes($0.name, $1.name) }) {
            tensor.values.withUnsafeBytes { bytes in
                digest.add(name: tensor.name, elementType: .float32, shape: tensor.shape, bytes: bytes)
            }
        }
        return digest.hexadecimal()
    }

    /// The order of names and keys: by their UTF-8 bytes.
    static func precedes(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8)
    }

    private mutating func add(_ number: Int) {
        withUnsafeBytes(of: UInt64(number).littleEndian) { hash.update($0) }
    }

    private mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            add(bytes.count)
            hash.update(UnsafeRawBufferPointer(bytes))
        }
    }
}
