import Tensors

/// Adds the gradients of a step's micro-batches, in their order.
///
/// What is added are finished sums over all ranks, the same on any number of them, and so is their total.
final class GradientAccumulation {
    private let gradients: Tensor
    private let total: Tensor
    private var count = 0

    /// An accumulation of what a step leaves in `gradients`, with one more block of that size.
    init(_ gradients: Tensor) throws(ResourceError) {
        self.gradients = gradients
        total = try Tensor(allocating: [gradients.count])
    }

    /// Adds the gradients of a micro-batch that is not the step's last.
    func add(_ pool: WorkerPool) {
        if count == 0 {
            total.copy(from: gradients)
        } else {
            addTotal(into: total, pool)
        }
        count += 1
    }

    /// Leaves the sum over all micro-batches in `gradients`, which hold those of the last one.
    func finish(_ pool: WorkerPool) {
        if count > 0 { addTotal(into: gradients, pool) }
        count = 0
    }

    /// target ← total + gradients, with flat blocks of whole cache lines.
    private func addTotal(into target: Tensor, _ pool: WorkerPool) {
        let (x, y) = (UnsafeRawPointer(total.pointer), UnsafeRawPointer(gradients.pointer))
        let z = UnsafeMutableRawPointer(target.pointer)
        pool.run { share in
            let part = share.range(of: total.count, step: ParameterTable.elementAlignment)
            for offset in stride(from: part.lowerBound * 4, to: part.upperBound * 4, by: 32) {
                let sum =
                    x.load(fromByteOffset: offset, as: SIMD8<Float>.self)
                    + y.load(fromByteOffset: offset, as: SIMD8<Float>.self)
                z.storeBytes(of: sum, toByteOffset: offset, as: SIMD8<Float>.self)
            }
        }
    }
}
