/// The 36 planes of a transformed block of tiles: plane p holds a matrix `[tiles, channels]`.
///
/// Planes are one cache line further apart than their size, or all 36 stores of a transform would fall into one set of
/// the L1 cache; channels are padded to whole columns of the matrix tile.
struct WinogradPlanes {
    /// F(4×4,3×3) works on 6×6 input tiles.
    static let count = 36

    /// The first element of plane 0.
    let pointer: UnsafeMutablePointer<Float>
    /// The distance between tiles within a plane.
    let channelStride: Int
    /// The distance between planes.
    let planeStride: Int

    /// Planes for `tiles` tiles of `channels` channels at `pointer`.
    init(at pointer: UnsafeMutablePointer<Float>, tiles: Int, channels: Int) {
        self.pointer = pointer
        channelStride = roundUp(channels, to: MatrixTile.columns)
        planeStride = tiles * channelStride + 16
    }

    /// The floats such planes take.
    static func size(tiles: Int, channels: Int) -> Int {
        count * (tiles * roundUp(channels, to: MatrixTile.columns) + 16)
    }

    /// The first element of one plane.
    @inline(__always)
    func plane(_ index: Int) -> UnsafeMutablePointer<Float> { pointer + index * planeStride }

    /// Element `channel` of tile `tile` in plane 0.
    @inline(__always)
    func element(tile: Int, channel: Int) -> UnsafeMutablePointer<Float> { pointer + tile * channelStride + channel }

    /// Six vectors, a plane step apart.
    @inline(__always)
    static func row(_ p: UnsafeMutablePointer<Float>, _ step: Int) -> WinogradTransform.Six {
        (
            p.vector, (p + step).vector, (p + 2 * step).vector, (p + 3 * step).vector, (p + 4 * step).vector,
            (p + 5 * step).vector
        )
    }

    /// Stores six values a plane step apart.
    @inline(__always)
    static func store(_ values: WinogradTransform.Six, _ p: UnsafeMutablePointer<Float>, _ step: Int) {
        p.vector = values.0
        (p + step).vector = values.1
        (p + 2 * step).vector = values.2
        (p + 3 * step).vector = values.3
        (p + 4 * step).vector = values.4
        (p + 5 * step).vector = values.5
    }
}
