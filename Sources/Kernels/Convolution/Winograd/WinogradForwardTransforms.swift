/// The passes between images and planes of the forward direction.
extension WinogradConvolution {
    /// Bᵀ d B of the activated input for a run of tiles; padding is zero.
    ///
    /// The first tile of the run becomes row `firstRow` of the planes.
    func transformInput(
        _ tiles: Range<Int>, _ input: UnsafePointer<Float>, _ activation: InputActivation,
        middle: UnsafeMutablePointer<Float>, into planes: WinogradPlanes, at firstRow: Int
    ) {
        let p = problem
        let (tileRows, tileColumns) = (p.height / 4, p.width / 4)
        for tile in tiles {
            let (image, place) = tile.quotientAndRemainder(dividingBy: p.tilesPerImage)
            let (tileRow, tileColumn) = place.quotientAndRemainder(dividingBy: tileColumns)
            let origin =
                input + image * p.inputCount + ((tileRow * 4 - 1) * p.width + tileColumn * 4 - 1) * p.inputs
            let rows = (tileRow == 0 ? 1 : 0)..<(tileRow == tileRows - 1 ? 5 : 6)
            let columns = (tileColumn == 0 ? 1 : 0)..<(tileColumn == tileColumns - 1 ? 5 : 6)
            let target = planes.element(tile: firstRow + tile - tiles.lowerBound, channel: 0)
            if rows.count == 6 && columns.count == 6 {
                transformInputTile(
                    origin, rows: 0..<6, columns: 0..<6, activation, middle, target, planes.planeStride, interior: true)
            } else {
                transformInputTile(
                    origin, rows: rows, columns: columns, activation, middle, target, planes.planeStride,
                    interior: false)
            }
        }
    }

    @inline(__always)
    private func transformInputTile(
        _ origin: UnsafePointer<Float>, rows: Range<Int>, columns: Range<Int>, _ activation: InputActivation,
        _ middle: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ planeStride: Int,
        interior: Bool
    ) {
        let channels = problem.inputs
        let rowStride = problem.width * channels
        let floor = Vector(repeating: activation.floor)
        for c in stride(from: 0, to: channels, by: vectorWidth) {
            let scale = (activation.scale + c).vector
            let shift = (activation.shift + c).vector
            for column in 0..<6 {
                var d: WinogradTransform.Six = (.zero, .zero, .zero, .zero, .zero, .zero)
                if interior || columns.contains(column) {
                    let x = origin + column * channels + c
                    if interior || rows.contains(0) { d.0 = shift.addingProduct(x.vector, scale).raised(to: floor) }
                    d.1 = shift.addingProduct((x + rowStride).vector, scale).raised(to: floor)
                    d.2 = shift.addingProduct((x + 2 * rowStride).vector, scale).raised(to: floor)
                    d.3 = shift.addingProduct((x + 3 * rowStride).vector, scale).raised(to: floor)
                    d.4 = shift.addingProduct((x + 4 * rowStride).vector, scale).raised(to: floor)
                    if interior || rows.contains(5) {
                        d.5 = shift.addingProduct((x + 5 * rowStride).vector, scale).raised(to: floor)
                    }
                }
                WinogradPlanes.store(WinogradTransform.input(d), middle + column * vectorWidth, 6 * vectorWidth)
            }
            for row in 0..<6 {
                let t = WinogradTransform.input(WinogradPlanes.row(middle + row * 6 * vectorWidth, vectorWidth))
                WinogradPlanes.store(t, target + row * 6 * planeStride + c, planeStride)
            }
        }
    }

    /// Aᵀ m A plus bias for a run of tiles and of output channels, the first of which are row and column 0 of the planes.
    func transformOutput(
        _ tiles: Range<Int>, _ outputs: Range<Int>, _ planes: WinogradPlanes, middle: UnsafeMutablePointer<Float>,
        bias: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>
    ) {
        let p = problem
        let channels = p.outputs
        let rowStride = p.width * channels
        for tile in tiles {
            let y = output + p.tileOffset(tile, channels: channels)
            for k in stride(from: outputs.lowerBound, to: outputs.upperBound, by: vectorWidth) {
                let m = planes.element(tile: tile - tiles.lowerBound, channel: k - outputs.lowerBound)
                for column in 0..<6 {
                    let four = WinogradTransform.output(
                        WinogradPlanes.row(m + column * planes.planeStride, 6 * planes.planeStride))
                    let t = middle + column * vectorWidth
                    t.vector = four.0
                    (t + 6 * vectorWidth).vector = four.1
                    (t + 12 * vectorWidth).vector = four.2
                    (t + 18 * vectorWidth).vector = four.3
                }
                let b = (bias + k).vector
                for row in 0..<4 {
                    let four = WinogradTransform.output(WinogradPlanes.row(middle + row * 6 * vectorWidth, vectorWidth))
                    let target = y + row * rowStride + k
                    target.vector = four.0 + b
                    (target + channels).vector = four.1 + b
                    (target + 2 * channels).vector = four.2 + b
                    (target + 3 * channels).vector = four.3 + b
                }
            }
        }
    }
}

extension ConvolutionProblem {
    /// The first element of a tile's 4×4 outputs, tiles counted over all images of a call.
    @inline(__always)
    func tileOffset(_ tile: Int, channels: Int) -> Int {
        let (image, place) = tile.quotientAndRemainder(dividingBy: tilesPerImage)
        let (tileRow, tileColumn) = place.quotientAndRemainder(dividingBy: width / 4)
        return ((image * height + tileRow * 4) * width + tileColumn * 4) * channels
    }
}
