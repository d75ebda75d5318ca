import Tensors

/// The Euclidean norms of ranges of a flat block: the same bits for any number of workers.
///
/// Ranges are cut into blocks of a fixed length. A block's squares are summed in `Double` in eight lanes, by one worker;
/// the sums of a range's blocks are then added from left to right.
final class TensorNorms {
    private let rangeCount: Int
    private let blocks: [(owner: Int, range: Range<Int>)]
    private let sums: UnsafeMutableBufferPointer<Double>
    private static let blockLength = 8192

    /// Norms of `ranges`, which start on cache lines and are whole cache lines long; the norm of an empty one is 0.
    init(of ranges: [Range<Int>]) {
        rangeCount = ranges.count
        blocks = ranges.enumerated().flatMap { owner, range in
            stride(from: range.lowerBound, to: range.upperBound, by: Self.blockLength).map {
                (owner, $0..<min($0 + Self.blockLength, range.upperBound))
            }
        }
        sums = .allocate(capacity: blocks.count)
        sums.initialize(repeating: 0)
    }

    deinit { sums.deallocate() }

    /// The norm of every range of `tensor`, in their order.
    func evaluate(_ tensor: Tensor, pool: WorkerPool) -> [Double] {
        pool.run { share in
            for index in share.range(of: blocks.count) {
                sums[index] = Self.sumOfSquares(blocks[index].range, of: tensor)
            }
        }
        var totals = [Double](repeating: 0, count: rangeCount)
        for (block, sum) in zip(blocks, sums) { totals[block.owner] += sum }
        return totals.map { $0.squareRoot() }
    }

    private static func sumOfSquares(_ range: Range<Int>, of tensor: Tensor) -> Double {
        let x = UnsafeRawPointer(tensor.pointer + range.lowerBound)
        var lanes = SIMD8<Double>.zero
        for offset in stride(from: 0, to: range.count * 4, by: 32) {
            let value = SIMD8<Double>(x.load(fromByteOffset: offset, as: SIMD8<Float>.self))
            lanes.addProduct(value, value)
        }
        // One by one: the order of `sum()` is the compiler's.
        return (0..<8).reduce(0.0) { $0 + lanes[$1] }
    }
}
