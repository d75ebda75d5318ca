/// The element types of safetensors files that this program reads; the raw value is the format's `dtype`.
///
/// All are little-endian, as are the processors this program runs on.
public enum ElementType: String, Sendable, CaseIterable {
    /// 32-bit floating point: what this program writes.
    case float32 = "F32"
    /// 64-bit floating point.
    case float64 = "F64"
    /// 16-bit floating point with 5 bits of exponent (IEEE 754 binary16).
    case float16 = "F16"
    /// 16-bit floating point with 8 bits of exponent: the upper half of 32 bits.
    case bfloat16 = "BF16"
    /// 64-bit signed integer, as PyTorch's counters.
    case int64 = "I64"
    /// 8-bit unsigned integer.
    case uint8 = "U8"

    /// The bytes of one element.
    public var byteCount: Int {
        switch self {
        case .float32: 4
        case .float64, .int64: 8
        case .float16, .bfloat16: 2
        case .uint8: 1
        }
    }

    /// The elements in `bytes`, rounded to `Float` where they are of a wider type.
    func floats(from bytes: [UInt8]) -> [Float] {
        bytes.withUnsafeBytes { source in
            let count = source.count / byteCount
            return switch self {
            case .float32: (0..<count).map { source.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
            case .float64: (0..<count).map { Float(source.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self)) }
            case .float16:
                (0..<count).map {
                    Float(Float16(bitPattern: source.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self)))
                }
            case .bfloat16:
                (0..<count).map {
                    Float(bitPattern: UInt32(source.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self)) << 16)
                }
            case .int64: (0..<count).map { Float(source.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self)) }
            case .uint8: source.map { Float($0) }
            }
        }
    }
}
