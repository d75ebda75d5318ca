/// The element types of safetensors files that this program reads; the raw value is the format's `dtype`.
///
/// All are little-endian, as are the processors this program runs on.
public enum ElementType: String, Sendable, CaseIterable {
    /// 32-bit floating point: what this program writes.
    case float32 = "F32"
    /// 64-bit floating point.
    case float64 = "F64"
    /// 64-bit signed integer, as PyTorch's counters.
    case int64 = "I64"
    /// 8-bit unsigned integer.
    case uint8 = "U8"

    /// The bytes of one element.
    public var byteCount: Int {
        switch self {
        case .float32: 4
        case .float64, .int64: 8
        case .uint8: 1
        }
    }

    /// The elements in `bytes`, rounded to `Float` where they are of another type.
    func floats(from bytes: [UInt8]) -> [Float] {
        bytes.withUnsafeBytes { source in
            let count = source.count / byteCount
            return switch self {
            case .float32: (0..<count).map { source.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
            case .float64: (0..<count).map { Float(source.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self)) }
            case .int64: (0..<count).map { Float(source.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self)) }
            case .uint8: source.map { Float($0) }
            }
        }
    }
}
