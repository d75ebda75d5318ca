import Tensors

/// A run of bytes that an operation reads or writes, together with the memory that keeps them alive.
public struct MemoryRegion {
    /// The memory the region lies in.
    public let memory: AlignedMemory
    /// The first byte.
    public let address: UnsafeMutableRawPointer
    /// The size in bytes.
    public let byteCount: Int

    /// The first `byteCount` bytes of `memory`, all of it by default.
    public init(_ memory: AlignedMemory, byteCount: Int? = nil) {
        let byteCount = byteCount ?? memory.byteCount
        precondition(byteCount >= 0 && byteCount <= memory.byteCount, "\(byteCount) bytes of \(memory.byteCount)")
        self.memory = memory
        self.address = memory.address
        self.byteCount = byteCount
    }

    /// A run of the elements of `tensor`.
    public init(_ tensor: Tensor, elements: Range<Int>) {
        precondition(elements.lowerBound >= 0 && elements.upperBound <= tensor.count, "\(elements) of \(tensor.count)")
        memory = tensor.memory
        address = UnsafeMutableRawPointer(tensor.pointer + elements.lowerBound)
        byteCount = elements.count * MemoryLayout<Float>.stride
    }
}
