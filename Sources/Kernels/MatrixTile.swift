/// The matrix products under every convolution: one register tile, 6 rows × 16 columns in twelve `Vector`s.
///
/// Each element of a product is summed over the depth in ascending order in one accumulator, starting from zero, whether
/// its row lies in a full tile or in the remainder: a row's result never depends on its neighbours.
enum MatrixTile {
    /// Rows of a tile. 6 × 2 accumulators, two columns of B and one broadcast of A fill the 16 registers of AVX2.
    static let rows = 6
    /// Columns of a tile: packed operands and outputs are padded to a multiple of it.
    static let columns = 16

    /// `out = A · B`: A is `[rows, depth]` row-major, B packed as `[columns/16][depth][16]`.
    ///
    /// B's panel (depth × 64 bytes) stays in L1 while all rows pass by; A is read by broadcast, without packing.
    static func multiply(
        rows: Int, columns: Int, depth: Int, a: UnsafePointer<Float>, aStride: Int, packed b: UnsafePointer<Float>,
        out: UnsafeMutablePointer<Float>, outStride: Int
    ) {
        var column = 0
        while column < columns {
            let panel = b + column * depth
            var row = 0
            while row < rows {
                tile(
                    validRows: min(Self.rows, rows - row), depth: depth, a: a + row * aStride, aRowStride: aStride,
                    aDepthStride: 1, b: panel, bStride: Self.columns, out: out + row * outStride + column,
                    outStride: outStride, accumulate: false)
                row += Self.rows
            }
            column += Self.columns
        }
    }

    /// `out (+)= Aᵀ · B`: A is `[depth, rows]` and B `[depth, columns]`, both row-major; columns a multiple of 16.
    static func multiplyTransposed(
        rows: Int, columns: Int, depth: Int, a: UnsafePointer<Float>, aStride: Int, b: UnsafePointer<Float>,
        bStride: Int, out: UnsafeMutablePointer<Float>, outStride: Int, accumulate: Bool
    ) {
        var column = 0
        while column < columns {
            var row = 0
            while row < rows {
                tile(
                    validRows: min(Self.rows, rows - row), depth: depth, a: a + row, aRowStride: 1,
                    aDepthStride: aStride, b: b + column, bStride: bStride, out: out + row * outStride + column,
                    outStride: outStride, accumulate: accumulate)
                row += Self.rows
            }
            column += Self.columns
        }
    }

    /// One tile. Missing rows of a remainder repeat the last valid one and are not stored.
    @inline(__always)
    private static func tile(
        validRows: Int, depth: Int, a: UnsafePointer<Float>, aRowStride: Int, aDepthStride: Int,
        b: UnsafePointer<Float>, bStride: Int, out: UnsafeMutablePointer<Float>, outStride: Int, accumulate: Bool
    ) {
        let last = validRows - 1
        var a0 = a
        var a1 = a + min(1, last) * aRowStride
        var a2 = a + min(2, last) * aRowStride
        var a3 = a + min(3, last) * aRowStride
        var a4 = a + min(4, last) * aRowStride
        var a5 = a + min(5, last) * aRowStride
        var (c00, c01, c10, c11) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
        var (c20, c21, c30, c31) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
        var (c40, c41, c50, c51) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
        var bRow = b
        for _ in 0..<depth {
            let b0 = bRow.vector
            let b1 = (bRow + 8).vector
            bRow += bStride
            let x0 = Vector(repeating: a0.pointee)
            c00 = c00.addingProduct(x0, b0)
            c01 = c01.addingProduct(x0, b1)
            let x1 = Vector(repeating: a1.pointee)
            c10 = c10.addingProduct(x1, b0)
            c11 = c11.addingProduct(x1, b1)
            let x2 = Vector(repeating: a2.pointee)
            c20 = c20.addingProduct(x2, b0)
            c21 = c21.addingProduct(x2, b1)
            let x3 = Vector(repeating: a3.pointee)
            c30 = c30.addingProduct(x3, b0)
            c31 = c31.addingProduct(x3, b1)
            let x4 = Vector(repeating: a4.pointee)
            c40 = c40.addingProduct(x4, b0)
            c41 = c41.addingProduct(x4, b1)
            let x5 = Vector(repeating: a5.pointee)
            c50 = c50.addingProduct(x5, b0)
            c51 = c51.addingProduct(x5, b1)
            a0 += aDepthStride
            a1 += aDepthStride
            a2 += aDepthStride
            a3 += aDepthStride
            a4 += aDepthStride
            a5 += aDepthStride
        }
        storeRow(c00, c01, out, accumulate)
        if validRows > 1 { storeRow(c10, c11, out + outStride, accumulate) }
        if validRows > 2 { storeRow(c20, c21, out + 2 * outStride, accumulate) }
        if validRows > 3 { storeRow(c30, c31, out + 3 * outStride, accumulate) }
        if validRows > 4 { storeRow(c40, c41, out + 4 * outStride, accumulate) }
        if validRows > 5 { storeRow(c50, c51, out + 5 * outStride, accumulate) }
    }

    @inline(__always)
    private static func storeRow(
        _ left: Vector, _ right: Vector, _ out: UnsafeMutablePointer<Float>, _ accumulate: Bool
    ) {
        if accumulate {
            out.vector += left
            (out + 8).vector += right
        } else {
            out.vector = left
            (out + 8).vector = right
        }
    }

    /// Packs B `[depth, columns]` with element `(d, c)` at `source[d * depthStride + c * columnStride]` into panels
    /// `[columns/16][depth][16]`, zeros behind the last column.
    static func pack(
        _ source: UnsafePointer<Float>, depth: Int, columns: Int, depthStride: Int, columnStride: Int,
        into packed: UnsafeMutablePointer<Float>
    ) {
        for panel in 0..<roundUp(columns, to: Self.columns) / Self.columns {
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
