/// A dense row-major array of `Float` on cache-line-aligned memory. Copies share the memory.
///
/// Kernels work on `pointer`; a tensor made by `first(_:)` is a view of the same memory.
public struct Tensor: @unchecked Sendable {
    /// The memory the tensor keeps alive.
    public let memory: AlignedMemory
    /// The first element.
    public let pointer: UnsafeMutablePointer<Float>
    /// The extents, outermost first.
    public let shape: Shape

    /// A tensor of zeros whose size grows with the network or the batch.
    ///
    /// - Throws: `ResourceError` when the system refuses the memory.
    public init(allocating shape: Shape) throws(ResourceError) {
        self.init(shape, in: try AlignedMemory(allocating: shape.count * MemoryLayout<Float>.stride))
    }

    /// A small tensor of zeros; see `AlignedMemory.init(byteCount:)`.
    public init(_ shape: Shape) {
        self.init(shape, in: AlignedMemory(byteCount: shape.count * MemoryLayout<Float>.stride))
    }

    /// A tensor holding `values`, which must be as many as the shape has elements.
    public init(_ shape: Shape, values: [Float]) {
        precondition(values.count == shape.count, "\(values.count) values do not fill \(shape)")
        self.init(shape)
        values.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { pointer.update(from: base, count: source.count) }
        }
    }

    private init(_ shape: Shape, in memory: AlignedMemory) {
        let pointer = memory.address.bindMemory(to: Float.self, capacity: shape.count)
        self.init(memory: memory, pointer: pointer, shape: shape)
    }

    private init(memory: AlignedMemory, pointer: UnsafeMutablePointer<Float>, shape: Shape) {
        self.memory = memory
        self.pointer = pointer
        self.shape = shape
    }

    /// The number of elements.
    public var count: Int { shape.count }

    /// The elements in row-major order, copied out.
    public var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    /// All elements as one buffer.
    public var elements: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: pointer, count: count) }

    /// A view of the first `rows` entries of the outermost dimension.
    public func first(_ rows: Int) -> Tensor {
        precondition(rows >= 0 && rows <= shape[0], "\(rows) rows asked of a tensor of \(shape)")
        return Tensor(memory: memory, pointer: pointer, shape: Shape([rows] + shape.dimensions.dropFirst()))
    }

    /// A view of the first elements under another shape.
    public func reshaped(_ shape: Shape) -> Tensor {
        precondition(shape.count <= count, "\(shape) asked of a tensor of \(self.shape)")
        return Tensor(memory: memory, pointer: pointer, shape: shape)
    }

    /// A view of a run of elements as a flat tensor.
    public func slice(_ range: Range<Int>) -> Tensor {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) lies outside a tensor of \(shape)")
        return Tensor(memory: memory, pointer: pointer + range.lowerBound, shape: [range.count])
    }

    /// Sets every element.
    public func fill(_ value: Float) {
        pointer.update(repeating: value, count: count)
    }

    /// Copies the elements of a tensor of the same count.
    public func copy(from other: Tensor) {
        precondition(other.count == count, "\(other.shape) does not fit \(shape)")
        pointer.update(from: other.pointer, count: count)
    }
}
