import Tensors

/// How a bucket, a range of the flat block, is shared out: rank r owns the r-th slice and finishes its sum.
package struct BucketSlices {
    /// The range of each rank in the flat block, from left to right. A slice may be empty.
    package let slices: [Range<Int>]

    /// Equal slices, rounded to whole cache lines.
    package init(bucket: Range<Int>, rankCount: Int) {
        let alignment = ParameterTable.elementAlignment
        let lineCount = (bucket.count + alignment - 1) / alignment
        let edges = (0...rankCount).map { rank in
            min(bucket.lowerBound + rank * lineCount / rankCount * alignment, bucket.upperBound)
        }
        slices = (0..<rankCount).map { edges[$0]..<edges[$0 + 1] }
    }
}
