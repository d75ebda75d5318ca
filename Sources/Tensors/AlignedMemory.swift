import Foundation

/// A block of zeroed bytes that starts on a cache line (64 bytes) and is freed with its last reference.
///
/// Sharing between threads is left to the owner: the trainer hands a block from one thread to another, never to two at once.
public final class AlignedMemory: @unchecked Sendable {
    /// The size of a cache line in bytes; every block starts on one.
    public static let alignment = 64

    /// The first byte.
    public let address: UnsafeMutableRawPointer
    /// The size in bytes.
    public let byteCount: Int

    /// Allocates `byteCount` zeroed bytes.
    public init(byteCount: Int) {
        precondition(byteCount >= 0)
        self.byteCount = byteCount
        let padded = max(byteCount, 1)
        address = UnsafeMutableRawPointer.allocate(byteCount: padded, alignment: Self.alignment)
        memset(address, 0, padded)
    }

    deinit { address.deallocate() }
}
