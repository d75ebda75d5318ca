import Tensors

/// Scratch memory that the kernels of one rank share, so that the steady state allocates nothing.
///
/// A kernel reserves its need when it is planned and takes the memory when it runs; contents do not survive the call.
public final class Workspace {
    private var memory = Tensor([0])

    /// An empty workspace.
    public init() {}

    /// Grows the workspace to at least `count` floats.
    public func reserve(_ count: Int) {
        if memory.count < count { memory = Tensor([count]) }
    }

    /// The number of floats held.
    public var count: Int { memory.count }

    /// The first float, on a cache line; valid until the next `reserve`.
    var pointer: UnsafeMutablePointer<Float> { memory.pointer }
}

/// Rounds up to a multiple.
@inline(__always)
func roundUp(_ value: Int, to multiple: Int) -> Int { (value + multiple - 1) / multiple * multiple }
