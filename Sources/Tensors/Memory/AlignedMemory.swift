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
    ///
    /// - Throws: `ResourceError` when the system refuses them.
    public init(allocating byteCount: Int) throws(ResourceError) {
        precondition(byteCount >= 0)
        let padded = max(byteCount, 1)
        var block: UnsafeMutableRawPointer?
        guard posix_memalign(&block, Self.alignment, padded) == 0, let block else {
            throw ResourceError(memory: byteCount)
        }
        self.byteCount = byteCount
        address = block
        memset(address, 0, padded)
    }

    /// Allocates `byteCount` zeroed bytes, so few that `SystemMemory.reserve` covers them: where the system refuses, the
    /// process ends, as with Swift's own allocations.
    public convenience init(byteCount: Int) {
        do { try self.init(allocating: byteCount) } catch { fatalError(error.description) }
    }

    deinit { free(address) }
}
