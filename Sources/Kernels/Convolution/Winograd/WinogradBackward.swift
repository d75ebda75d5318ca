import Tensors

/// The gradients by Winograd: the output gradient is transformed once (A dY Aᵀ) and serves both.
///
/// - Input: dX = B[(G g Gᵀ) · (A dY Aᵀ)]Bᵀ, overlapping 6×6 tiles added in tile order.
/// - Weights: dW = Gᵀ[Σ over tiles (Bᵀ d B) ⊗ (A dY Aᵀ)]G, the sum over tiles being a matrix product per plane.
extension WinogradConvolution {
    package func backward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, operand: Workspace,
        outputGradient: OutputGradient, inputGradient: UnsafeMutablePointer<Float>,
        weightGradient: UnsafeMutablePointer<Float>, accumulate: Bool, biasSums: UnsafeMutablePointer<Double>,
        scratch: Workspace, finished: (Range<Int>) -> Void
    ) {
        let memory = BackwardMemory(self, scratch)
        if images == 0, !accumulate { weightGradient.update(repeating: 0, count: problem.weightCount) }
        // Pieces are summed on their own first: what was there is added to in one rounding.
        let isSplit = accumulate && images > imagesPerPiece
        let target = isSplit ? memory.run : weightGradient
        for start in stride(from: 0, to: images, by: imagesPerPiece) {
            let piece = start..<min(start + imagesPerPiece, images)
            let firstTile = start * problem.tilesPerImage
            forEachBlock(images: piece) { tiles in
                let row = tiles.lowerBound - firstTile
                transformOutputGradient(tiles, outputGradient, memory, at: row, biasSums: biasSums)
                var ahead = prefetch(after: tiles, in: piece, input, outputGradient)
                makeInputGradient(tiles, operand, memory, at: row, into: inputGradient, ahead: &ahead)
                transformInput(tiles, input, activation, middle: memory.middle, into: memory.x, at: row)
            } finished: {
                finished($0)
            }
            var ahead = prefetch(after: piece, outputGradient)
            makeWeightGradient(
                tiles: piece.count * problem.tilesPerImage, memory, into: target,
                accumulate: isSplit ? start > 0 : accumulate || start > 0, ahead: &ahead)
        }
        if isSplit { Elementwise.add(memory.run, to: weightGradient, count: problem.weightCount) }
    }

    /// What follows the input gradient's products of a block: the block's input, and the next block's output gradient.
    private func prefetch(
        after tiles: Range<Int>, in piece: Range<Int>, _ input: UnsafePointer<Float>, _ gradient: OutputGradient
    ) -> Prefetch {
        let steps = registerTiles(rows: tiles.count, columns: problem.inputs)
        let next = tiles.upperBound..<min(tiles.upperBound + tiles.count, piece.upperBound * problem.tilesPerImage)
        var ahead = Prefetch()
        add(input, tiles, channels: problem.inputs, steps: steps, to: &ahead)
        add(gradient, next, steps: steps, to: &ahead)
        return ahead
    }

    /// What follows the weight gradient's products of a piece: the output gradient of the next piece's first block.
    private func prefetch(after piece: Range<Int>, _ gradient: OutputGradient) -> Prefetch {
        let tiles = problem.tilesPerImage
        let next = piece.upperBound * tiles
        var ahead = Prefetch()
        add(
            gradient, next..<next + min(piece.count * tiles, Self.tilesPerBlock),
            steps: registerTiles(rows: problem.inputs, columns: problem.outputs), to: &ahead)
        return ahead
    }

    /// Adds the output gradient of a run of tiles, and what its correction reads.
    private func add(_ gradient: OutputGradient, _ tiles: Range<Int>, steps: Int, to ahead: inout Prefetch) {
        add(gradient.values, tiles, channels: problem.outputs, steps: steps, to: &ahead)
        if let correction = gradient.correction {
            add(correction.output, tiles, channels: problem.outputs, steps: steps, to: &ahead)
        }
    }

    /// Where the parts of backward's scratch memory lie.
    private struct BackwardMemory {
        let middle: UnsafeMutablePointer<Float>
        let x: WinogradPlanes
        let dy: WinogradPlanes
        let products: WinogradPlanes
        let gradientProducts: WinogradPlanes
        /// The weight gradient of a run of several pieces, before it is added to what was there.
        let run: UnsafeMutablePointer<Float>

        init(_ convolution: WinogradConvolution, _ scratch: Workspace) {
            let p = convolution.problem
            let tiles = convolution.imagesPerPiece * p.tilesPerImage
            middle = scratch.pointer
            run = middle + middleCount
            x = WinogradPlanes(at: run + p.weightCount, tiles: tiles, channels: p.inputs)
            dy = WinogradPlanes(
                at: x.pointer + WinogradPlanes.size(tiles: tiles, channels: p.inputs), tiles: tiles,
                channels: p.outputs)
            let rest = dy.pointer + WinogradPlanes.size(tiles: tiles, channels: p.outputs)
            products = WinogradPlanes(at: rest, tiles: tilesPerBlock, channels: channelsPerBlock)
            gradientProducts = WinogradPlanes(at: rest, tiles: gradientBlock, channels: gradientBlock)
        }
    }

    /// A dY Aᵀ of a run of tiles, from row `firstRow` of the planes, and the sums of dY over its pixels.
    private func transformOutputGradient(
        _ tiles: Range<Int>, _ gradient: OutputGradient, _ memory: BackwardMemory, at firstRow: Int,
        biasSums: UnsafeMutablePointer<Double>
    ) {
        let p = problem
        for tile in tiles {
            let offset = p.tileOffset(tile, channels: p.outputs)
            let target = memory.dy.element(tile: firstRow + tile - tiles.lowerBound, channel: 0)
            let g = gradient.values + offset
            if let correction = gradient.correction {
                let y = correction.output + offset
                transformOutputGradientTile(target, memory, biasSums) { place, k in
                    (correction.constant + k).vector
                        .addingProduct((y + place).vector, (correction.slope + k).vector)
                        .addingProduct((g + place).vector, (correction.scale + k).vector)
                }
            } else {
                transformOutputGradientTile(target, memory, biasSums) { place, _ in (g + place).vector }
            }
        }
    }

    /// One tile; `load` reads a vector of dY by its place from the tile's first element and its channel.
    @inline(__always)
    private func transformOutputGradientTile(
        _ target: UnsafeMutablePointer<Float>, _ memory: BackwardMemory, _ biasSums: UnsafeMutablePointer<Double>,
        _ load: (_ place: Int, _ k: Int) -> Vector
    ) {
        let channels = problem.outputs
        let rowStride = problem.width * channels
        for k in stride(from: 0, to: channels, by: vectorWidth) {
            var sum = Vector.zero
            for column in 0..<4 {
                let place = column * channels + k
                let four = (
                    load(place, k), load(place + rowStride, k), load(place + 2 * rowStride, k),
                    load(place + 3 * rowStride, k)
                )
                sum += (four.0 + four.1) + (four.2 + four.3)
                WinogradPlanes.store(
                    WinogradTransform.outputAdjoint(four), memory.middle + column * vectorWidth, 4 * vectorWidth)
            }
            (biasSums + k).vector += sum.doubles
            for row in 0..<6 {
                let m = memory.middle + row * 4 * vectorWidth
                let six = WinogradTransform.outputAdjoint(
                    (m.vector, (m + vectorWidth).vector, (m + 2 * vectorWidth).vector, (m + 3 * vectorWidth).vector))
                WinogradPlanes.store(
                    six, target + row * 6 * memory.dy.planeStride + k, memory.dy.planeStride)
            }
        }
    }

    /// The input gradient of a run of tiles; the first run of an image clears it.
    private func makeInputGradient(
        _ tiles: Range<Int>, _ operand: Workspace, _ memory: BackwardMemory, at row: Int,
        into gradient: UnsafeMutablePointer<Float>, ahead: inout Prefetch
    ) {
        let p = problem
        let firstImage = (tiles.lowerBound + p.tilesPerImage - 1) / p.tilesPerImage
        let endImage = (tiles.upperBound + p.tilesPerImage - 1) / p.tilesPerImage
        (gradient + firstImage * p.inputCount).update(
            repeating: 0, count: max(0, endImage - firstImage) * p.inputCount)
        for c in stride(from: 0, to: p.inputs, by: Self.channelsPerBlock) {
            let channels = c..<min(c + Self.channelsPerBlock, p.inputs)
            multiply(
                rows: tiles.count, memory.dy, at: row, depth: p.outputs, operand, columns: p.inputs, channels,
                memory.products, ahead: &ahead)
            addInputGradient(tiles, channels, memory, into: gradient)
        }
    }

    /// Adds B m Bᵀ of a run of tiles to some channels of the input gradient; what falls on the padding is dropped.
    private func addInputGradient(
        _ tiles: Range<Int>, _ inputs: Range<Int>, _ memory: BackwardMemory,
        into gradient: UnsafeMutablePointer<Float>
    ) {
        let p = problem
        let channels = p.inputs
        let (tileRows, tileColumns) = (p.height / 4, p.width / 4)
        let planes = memory.products
        for tile in tiles {
            let place = tile % p.tilesPerImage
            let rows = (place / tileColumns == 0 ? 1 : 0)..<(place / tileColumns == tileRows - 1 ? 5 : 6)
            let first = place % tileColumns > 0
            let last = place % tileColumns < tileColumns - 1
            let origin = gradient + p.tileOffset(tile, channels: channels) - (p.width + 1) * channels
            for c in stride(from: inputs.lowerBound, to: inputs.upperBound, by: vectorWidth) {
                let m = planes.element(tile: tile - tiles.lowerBound, channel: c - inputs.lowerBound)
                for column in 0..<6 {
                    let six = WinogradTransform.inputAdjoint(
                        WinogradPlanes.row(m + column * planes.planeStride, 6 * planes.planeStride))
                    WinogradPlanes.store(six, memory.middle + column * vectorWidth, 6 * vectorWidth)
                }
                for row in rows {
                    let six = WinogradTransform.inputAdjoint(
                        WinogradPlanes.row(memory.middle + row * 6 * vectorWidth, vectorWidth))
                    let dx = origin + row * p.width * channels + c
                    if first { dx.vector += six.0 }
                    (dx + channels).vector += six.1
                    (dx + 2 * channels).vector += six.2
                    (dx + 3 * channels).vector += six.3
                    (dx + 4 * channels).vector += six.4
                    if last { (dx + 5 * channels).vector += six.5 }
                }
            }
        }
    }

    /// The weight gradient in blocks of inputs × outputs whose 36 planes stay in L2.
    private func makeWeightGradient(
        tiles: Int, _ memory: BackwardMemory, into gradient: UnsafeMutablePointer<Float>, accumulate: Bool,
        ahead: inout Prefetch
    ) {
        let p = problem
        let products = memory.gradientProducts
        for k in stride(from: 0, to: p.outputs, by: Self.gradientBlock) {
            let outputs = k..<min(k + Self.gradientBlock, p.outputs)
            for c in stride(from: 0, to: p.inputs, by: Self.gradientBlock) {
                let inputs = c..<min(c + Self.gradientBlock, p.inputs)
                for plane in 0..<WinogradPlanes.count {
                    MatrixTile.multiplyTransposed(
                        rows: inputs.count, columns: roundUp(outputs.count, to: MatrixTile.columns),
                        MatrixTile.Left(
                            pointer: memory.x.plane(plane) + c, depthStride: memory.x.channelStride,
                            segmentDepth: tiles),
                        rowOffset: { $0 }, b: memory.dy.plane(plane) + k, bStride: memory.dy.channelStride,
                        out: products.plane(plane), outStride: products.channelStride, accumulate: false, ahead: &ahead)
                }
                transformWeightGradient(
                    inputs, outputs, memory, into: gradient, accumulate: accumulate)
            }
        }
    }

    /// Gᵀ m G of one block, into weights `[3, 3, inputs, outputs]`.
    private func transformWeightGradient(
        _ inputs: Range<Int>, _ outputs: Range<Int>, _ memory: BackwardMemory,
        into gradient: UnsafeMutablePointer<Float>, accumulate: Bool
    ) {
        let planes = memory.gradientProducts
        let tap = problem.inputs * problem.outputs
        for c in inputs {
            for k in stride(from: outputs.lowerBound, to: outputs.upperBound, by: vectorWidth) {
                let m = planes.element(tile: c - inputs.lowerBound, channel: k - outputs.lowerBound)
                for column in 0..<6 {
                    let three = WinogradTransform.filterAdjoint(
                        WinogradPlanes.row(m + column * planes.planeStride, 6 * planes.planeStride))
                    let t = memory.middle + column * vectorWidth
                    t.vector = three.0
                    (t + 6 * vectorWidth).vector = three.1
                    (t + 12 * vectorWidth).vector = three.2
                }
                for row in 0..<3 {
                    let three = WinogradTransform.filterAdjoint(
                        WinogradPlanes.row(memory.middle + row * 6 * vectorWidth, vectorWidth))
                    let dw = gradient + row * 3 * tap + c * problem.outputs + k
                    dw.vector = accumulate ? dw.vector + three.0 : three.0
                    (dw + tap).vector = accumulate ? (dw + tap).vector + three.1 : three.1
                    (dw + 2 * tap).vector = accumulate ? (dw + 2 * tap).vector + three.2 : three.2
                }
            }
        }
    }
}
