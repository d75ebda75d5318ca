import Tensors

/// The memory traffic of one core: a ← b + 3 · c over three arrays too large for the caches.
///
/// The triad of McCalpin's STREAM benchmark. As there, 12 bytes are counted for an element: what the processor reads of
/// a's lines before it overwrites them is not.
public struct MemoryTriad {
    /// The elements of each array.
    public let count: Int
    /// The array that is written.
    public let sums: Tensor
    private let first: Tensor
    private let second: Tensor

    /// The bytes that a pass is counted as.
    public var byteCount: Int { 3 * count * MemoryLayout<Float>.stride }

    /// Arrays of `count` elements, at least 1. Made by the thread that is to be measured, they lie near its core.
    ///
    /// - Throws: `ResourceError` when the system refuses the memory.
    public init(count: Int) throws(ResourceError) {
        precondition(count > 0, "an array has at least one element")
        self.count = count
        sums = try Tensor(allocating: [count])
        first = try Tensor(allocating: [count])
        second = try Tensor(allocating: [count])
        for index in 0..<count {
            first.pointer[index] = Float(index % 1024)
            second.pointer[index] = Float(index % 7)
        }
    }

    /// What element `index` of the sums is after a pass.
    public static func sum(at index: Int) -> Float { Float(index % 1024) + 3 * Float(index % 7) }

    /// One pass over the arrays.
    @inline(never)
    public func run() {
        let (sums, first, second) = (sums.pointer, first.pointer, second.pointer)
        let whole = count - count % vectorWidth
        for index in stride(from: 0, to: whole, by: vectorWidth) {
            (sums + index).vector = (first + index).vector.addingProduct((second + index).vector, 3)
        }
        for index in whole..<count { sums[index] = first[index] + 3 * second[index] }
    }

    /// Bytes per second of `passes` passes one by one, after one that fetches the pages.
    public func rates(passes: Int) -> [Double] {
        let clock = ContinuousClock()
        run()
        return (0..<passes).map { _ in
            let start = clock.now
            run()
            return Double(byteCount) / (start.duration(to: clock.now) / .seconds(1))
        }
    }
}
