import Tensors

/// Memory that kernels use during one call, so that the steady state allocates nothing.
///
/// Every layer reserves its need when the network is built; contents do not survive into another layer's call.
public final class Workspace {
    private var memory = Tensor([0])

    /// An empty workspace.
    public init() {}

    /// Grows the workspace to at least `count` floats.
    ///
    /// - Throws: `ResourceError` when the system refuses the memory.
    public func reserve(_ count: Int) throws(ResourceError) {
        if memory.count < count { memory = try Tensor(allocating: [count]) }
    }

    /// The number of floats held.
    public var count: Int { memory.count }

    /// The first float, on a cache line; valid until the next `reserve`.
    public var pointer: UnsafeMutablePointer<Float> { memory.pointer }
}

/// Rounds up to a multiple.
@inline(__always)
func roundUp(_ value: Int, to multiple: Int) -> Int { (value + multiple - 1) / multiple * multiple }
