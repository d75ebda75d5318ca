import Foundation

/// The memory that the system would give this process.
public enum SystemMemory {
    /// What should be left besides blocks of known size: for stacks, messages and the many small things that Swift
    /// allocates, whose failure cannot be caught.
    public static let reserve = 48 << 20

    /// Asks for `byteCount` bytes and gives them back untouched; no limit of this process stands against them then. What
    /// a control group or the host has in store is not known before memory is used.
    ///
    /// - Throws: `ResourceError` when the system refuses.
    public static func require(_ byteCount: Int) throws(ResourceError) {
        guard isGranted(byteCount) else { throw ResourceError(memory: byteCount) }
    }

    static func isGranted(_ byteCount: Int) -> Bool {
        let block = mmap(nil, max(byteCount, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let block, block != MAP_FAILED else { return false }
        munmap(block, max(byteCount, 1))
        return true
    }
}
