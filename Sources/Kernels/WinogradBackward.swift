import Tensors

/// The gradients by Winograd: the output gradient is transformed once (A dY Aᵀ) and serves both.
///
/// - Input: dX = B[(G g Gᵀ) · (A dY Aᵀ)]Bᵀ, overlapping 6×6 tiles added in tile order.
/// - Weights: dW = Gᵀ[Σ over tiles (Bᵀ d B) ⊗ (A dY Aᵀ)]G, the sum over tiles being a matrix product per plane.
extension WinogradConvolution {
    package func backward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, outputGradient: UnsafePointer<Float>,
        inputGradient: UnsafeMutablePointer<Float>, weightGradient: UnsafeMutablePointer<Float>, accumulate: Bool
    ) {
        let p = problem
        if images == 0, !accumulate { weightGradient.update(repeating: 0, count: p.weightCount) }
        if accumulate, images > imagesPerPiece {
            // Pieces are summed on their own first: what was there is added to in one rounding.
            backward(
                images: images, input: input, activation: activation, outputGradient: outputGradient,
                inputGradient: inputGradient, weightGradient: runGradient.pointer, accumulate: false)
            Elementwise.add(runGradient.pointer, to: weightGradient, count: p.weightCount)
            return
        }
        for start in stride(from: 0, to: images, by: imagesPerPiece) {
            backwardPiece(
                images: min(imagesPerPiece, images - start), input: input + start * p.inputCount,
                activation: activation, outputGradient: outputGradient + start * p.outputCount,
                inputGradient: inputGradient + start * p.inputCount, weightGradient: weightGradient,
                accumulate: accumulate || start > 0)
        }
    }

    private func backwardPiece(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, outputGradient: UnsafePointer<Float>,
        inputGradient: UnsafeMutablePointer<Float>, weightGradient: UnsafeMutablePointer<Float>, accumulate: Bool
    ) {
        let p = problem
        let tiles = images * p.tilesPerImage
        let x = WinogradPlanes(at: workspace.pointer, tiles: tiles, channels: p.inputs)
        let dyStart = workspace.pointer + WinogradPlanes.size(tiles: tiles, channels: p.inputs)
        let dy = WinogradPlanes(at: dyStart, tiles: tiles, channels: p.outputs)
        let scratch = dyStart + WinogradPlanes.size(tiles: tiles, channels: p.outputs)

        transformOutputGradient(tiles, outputGradient, into: dy)
        let block = Self.tilesPerBlock
        let products = WinogradPlanes(at: scratch, tiles: block, channels: p.inputs)
        inputGradient.update(repeating: 0, count: images * p.inputCount)
        for start in stride(from: 0, to: tiles, by: block) {
            let range = start..<min(start + block, tiles)
            multiply(
                rows: range.count, firstTile: start, dy, transposedWeights, depth: p.outputs, columns: p.inputs,
                into: products)
            addInputGradient(range, products, into: inputGradient)
        }
        transformInput(0..<tiles, input, activation, into: x)
        makeWeightGradient(tiles: tiles, x, dy, scratch: scratch, into: weightGradient, accumulate: accumulate)
    }

    /// A dY Aᵀ for all tiles.
    private func transformOutputGradient(_ tiles: Int, _ gradient: UnsafePointer<Float>, into planes: WinogradPlanes) {
        let p = problem
        let channels = p.outputs
        let rowStride = p.width * channels
        let middle = intermediate.pointer
        for tile in 0..<tiles {
            let dy = gradient + p.tileOffset(tile, channels: channels)
            for k in stride(from: 0, to: channels, by: vectorWidth) {
                for column in 0..<4 {
                    let y = dy + column * channels + k
                    let four = (
                        y.vector, (y + rowStride).vector, (y + 2 * rowStride).vector, (y + 3 * rowStride).vector
                    )
                    WinogradPlanes.store(WinogradTransform.outputAdjoint(four), middle + column * 8, 4 * 8)
                }
                let target = planes.element(tile: tile, channel: k)
                for row in 0..<6 {
                    let m = middle + row * 32
                    let six = WinogradTransform.outputAdjoint(
                        (m.vector, (m + 8).vector, (m + 16).vector, (m + 24).vector))
                    WinogradPlanes.store(six, target + row * 6 * planes.planeStride, planes.planeStride)
                }
            }
        }
    }

    /// Adds B m Bᵀ of a run of tiles to the input gradient; what falls on the padding is dropped.
    private func addInputGradient(
        _ tiles: Range<Int>, _ planes: WinogradPlanes, into gradient: UnsafeMutablePointer<Float>
    ) {
        let p = problem
        let channels = p.inputs
        let (tileRows, tileColumns) = (p.height / 4, p.width / 4)
        let middle = intermediate.pointer
        for tile in tiles {
            let place = tile % p.tilesPerImage
            let rows = (place / tileColumns == 0 ? 1 : 0)..<(place / tileColumns == tileRows - 1 ? 5 : 6)
            let first = place % tileColumns > 0
            let last = place % tileColumns < tileColumns - 1
            let origin = gradient + p.tileOffset(tile, channels: channels) - (p.width + 1) * channels
            for c in stride(from: 0, to: channels, by: vectorWidth) {
                let m = planes.element(tile: tile - tiles.lowerBound, channel: c)
                for column in 0..<6 {
                    let six = WinogradTransform.inputAdjoint(
                        WinogradPlanes.row(m + column * planes.planeStride, 6 * planes.planeStride))
                    WinogradPlanes.store(six, middle + column * 8, 6 * 8)
                }
                for row in rows {
                    let six = WinogradTransform.inputAdjoint(WinogradPlanes.row(middle + row * 48, 8))
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
        tiles: Int, _ x: WinogradPlanes, _ dy: WinogradPlanes, scratch: UnsafeMutablePointer<Float>,
        into gradient: UnsafeMutablePointer<Float>, accumulate: Bool
    ) {
        let p = problem
        let block = Self.gradientBlock
        let products = WinogradPlanes(at: scratch, tiles: block, channels: block)
        for k in stride(from: 0, to: p.outputs, by: block) {
            let outputs = min(block, p.outputs - k)
            for c in stride(from: 0, to: p.inputs, by: block) {
                let inputs = min(block, p.inputs - c)
                for plane in 0..<WinogradPlanes.count {
                    MatrixTile.multiplyTransposed(
                        rows: inputs, columns: roundUp(outputs, to: MatrixTile.columns), depth: tiles,
                        a: x.plane(plane) + c, aStride: x.channelStride, b: dy.plane(plane) + k,
                        bStride: dy.channelStride, out: products.plane(plane), outStride: products.channelStride,
                        accumulate: false)
                }
                transformWeightGradient(
                    products, inputs: c..<c + inputs, outputs: k..<k + outputs, into: gradient, accumulate: accumulate)
            }
        }
    }

    /// Gᵀ m G of one block, into weights `[3, 3, inputs, outputs]`.
    private func transformWeightGradient(
        _ planes: WinogradPlanes, inputs: Range<Int>, outputs: Range<Int>, into gradient: UnsafeMutablePointer<Float>,
        accumulate: Bool
    ) {
        let middle = intermediate.pointer
        let tap = problem.inputs * problem.outputs
        for c in inputs {
            for k in stride(from: outputs.lowerBound, to: outputs.upperBound, by: vectorWidth) {
                let m = planes.element(tile: c - inputs.lowerBound, channel: k - outputs.lowerBound)
                for column in 0..<6 {
                    let three = WinogradTransform.filterAdjoint(
                        WinogradPlanes.row(m + column * planes.planeStride, 6 * planes.planeStride))
                    let t = middle + column * 8
                    t.vector = three.0
                    (t + 48).vector = three.1
                    (t + 96).vector = three.2
                }
                for row in 0..<3 {
                    let three = WinogradTransform.filterAdjoint(WinogradPlanes.row(middle + row * 48, 8))
                    let dw = gradient + row * 3 * tap + c * problem.outputs + k
                    dw.vector = accumulate ? dw.vector + three.0 : three.0
                    (dw + tap).vector = accumulate ? (dw + tap).vector + three.1 : three.1
                    (dw + 2 * tap).vector = accumulate ? (dw + 2 * tap).vector + three.2 : three.2
                }
            }
        }
    }
}
