/// The matrix products under every convolution, made of register tiles: some rows by two vectors of columns.
///
/// Each element of a product is summed over the depth in ascending order in one accumulator, starting from zero, whether
/// its row lies in a full tile or in the remainder: a row's result depends neither on its neighbours nor on the size of
/// the tile.
enum MatrixTile {
    #if WIDE_VECTORS
        /// One vector of every row. 8 × 2 accumulators, two vectors of B and broadcasts of A fit the 32 registers of
        /// AVX-512; more rows would gain nothing, since 16 independent sums already hide the latency.
        typealias Accumulators = InlineArray<8, Vector>
        /// Where each row of a tile lies in A.
        typealias RowOffsets = InlineArray<8, Int>
    #else
        /// One vector of every row. 6 × 2 accumulators, two vectors of B and a broadcast of A fill the 16 registers of
        /// AVX2; NEON's 32 registers of half the width hold the same tile.
        typealias Accumulators = InlineArray<6, Vector>
        /// Where each row of a tile lies in A.
        typealias RowOffsets = InlineArray<6, Int>
    #endif

    /// Rows of a tile.
    static let rows = Accumulators.count
    /// Columns of a tile: packed operands and outputs are padded to a multiple of it.
    static let columns = 2 * vectorWidth

    /// The left operand of a product: element (row, depth) lies at `row(…)` + the offset of its depth.
    ///
    /// The depth runs in `segments` of `segmentDepth` elements, `depthStride` apart within a segment and
    /// `segmentStride` from one segment to the next: a plain matrix is one segment, the patches of an image are one
    /// segment a filter row.
    struct Left {
        var pointer: UnsafePointer<Float>
        var depthStride = 1
        var segments = 1
        var segmentDepth: Int
        var segmentStride = 0

        /// The sum's length.
        var depth: Int { segments * segmentDepth }
    }

    /// `out = A · B`: rows of A `rowStride` apart, B packed as `[columns/tile][depth][tile]`.
    ///
    /// B's panel stays in L1 while all rows pass by; A is read by broadcast, without packing.
    @inline(__always)
    static func multiply(
        rows: Int, columns: Int, _ a: Left, rowStride: Int, packed b: UnsafePointer<Float>,
        out: UnsafeMutablePointer<Float>, outStride: Int, ahead: inout Prefetch
    ) {
        for column in stride(from: 0, to: columns, by: Self.columns) {
            for row in stride(from: 0, to: rows, by: Self.rows) {
                ahead.advance()
                let valid = min(Self.rows, rows - row)
                let offsets = RowOffsets { (row + min($0, valid - 1)) * rowStride }
                tile(
                    valid, a, offsets, b: b + column * a.depth, bStride: Self.columns,
                    out: out + row * outStride + column, outStride: outStride, accumulate: false)
            }
        }
    }

    /// `out (+)= Aᵀ · B`: B `[depth, columns]` row-major, columns a multiple of the tile's; row r of the product takes
    /// the elements of A at `rowOffset(r)`.
    @inline(__always)
    static func multiplyTransposed(
        rows: Int, columns: Int, _ a: Left, rowOffset: (Int) -> Int, b: UnsafePointer<Float>, bStride: Int,
        out: UnsafeMutablePointer<Float>, outStride: Int, accumulate: Bool, ahead: inout Prefetch
    ) {
        for column in stride(from: 0, to: columns, by: Self.columns) {
            for row in stride(from: 0, to: rows, by: Self.rows) {
                ahead.advance()
                let valid = min(Self.rows, rows - row)
                let offsets = RowOffsets { rowOffset(row + min($0, valid - 1)) }
                tile(
                    valid, a, offsets, b: b + column, bStride: bStride, out: out + row * outStride + column,
                    outStride: outStride, accumulate: accumulate)
            }
        }
    }

    /// One tile. Missing rows of a remainder repeat the last valid one and are not stored.
    @inline(__always)
    private static func tile(
        _ validRows: Int, _ a: Left, _ offsets: RowOffsets, b: UnsafePointer<Float>, bStride: Int,
        out: UnsafeMutablePointer<Float>, outStride: Int, accumulate: Bool
    ) {
        var left = Accumulators(repeating: .zero)
        var right = Accumulators(repeating: .zero)
        var b = b
        for segment in 0..<a.segments {
            var x = a.pointer + segment * a.segmentStride
            for _ in 0..<a.segmentDepth {
                let b0 = b.vector
                let b1 = (b + vectorWidth).vector
                for row in 0..<Accumulators.count {
                    let factor = Vector(repeating: x[offsets[row]])
                    left[row] = left[row].addingProduct(factor, b0)
                    right[row] = right[row].addingProduct(factor, b1)
                }
                b += bStride
                x += a.depthStride
            }
        }
        for row in 0..<Accumulators.count where row < validRows {
            let target = out + row * outStride
            target.vector = accumulate ? target.vector + left[row] : left[row]
            (target + vectorWidth).vector = accumulate ? (target + vectorWidth).vector + right[row] : right[row]
        }
    }

    /// Packs some panels of B `[depth, columns]` with element `(d, c)` at `source[d * depthStride + c * columnStride]`
    /// into `[columns/tile][depth][tile]`, zeros behind the last column.
    static func pack(
        _ source: UnsafePointer<Float>, panels: Range<Int>, depth: Int, columns: Int, depthStride: Int,
        columnStride: Int, into packed: UnsafeMutablePointer<Float>
    ) {
        for panel in panels {
            for d in 0..<depth {
                let row = packed + (panel * depth + d) * Self.columns
                for lane in 0..<Self.columns {
                    let column = panel * Self.columns + lane
                    row[lane] = column < columns ? source[d * depthStride + column * columnStride] : 0
                }
            }
        }
    }
}
