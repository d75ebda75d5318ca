import Tensors

/// Convolution 3×3, stride 1, padding 1 by F(4×4,3×3): 36 multiplies for 16 outputs where the definition needs 144.
///
/// Forward works through blocks of tiles: transform the activated input into 36 planes, multiply each plane by the
/// transformed weights, transform back while adding the bias. A tile is a row of the products, so its result does not
/// depend on the block it falls into.
package final class WinogradConvolution: ConvolutionAlgorithm {
    package let problem: ConvolutionProblem
    package let operandCount: Int
    package let scratchCount: Int

    /// Channels must be a multiple of this whatever the vector width, so that every build gives the same weights.
    static let channelMultiple = 16
    /// Tiles of a block: whole row tiles of the matrix product, few enough for their planes to stay in L2. How many
    /// are best depends on the speed of the products (StepTime): 32 with AVX-512, 48 with narrower vectors.
    static let tilesPerBlock = (vectorWidth == 16 ? 4 : 8) * MatrixTile.rows
    /// Output channels of the products that are transformed back together.
    static let channelsPerBlock = 64
    /// Tiles × channels of input and output whose transforms are held together in backward, 2.4 MB in 36 planes. More
    /// would save passes over the weight gradient, but the planes of several ranks would then push each other out of the
    /// shared cache. The same for every vector width, as it decides in which order weight gradients are summed.
    static let channelTilesPerPiece = 128 * 128
    /// The weight gradient is made in blocks of this many inputs × outputs, so that its 36 planes stay in L2.
    static let gradientBlock = 64
    /// Floats between the two passes of a transform, six rows of six vectors.
    static let middleCount = 36 * vectorWidth

    /// Images whose transforms are held together in backward; a longer run is summed in pieces of this many.
    let imagesPerPiece: Int
    /// Images that are finished together.
    let imagesPerGroup: Int

    /// Whether F(4×4,3×3) fits the geometry: whole tiles and whole vectors.
    package static func accepts(_ problem: ConvolutionProblem) -> Bool {
        problem.kernel == 3 && problem.stride == 1 && problem.padding == 1 && problem.height % 4 == 0
            && problem.width % 4 == 0 && problem.inputs % channelMultiple == 0 && problem.outputs % channelMultiple == 0
    }

    /// Plans the convolution; the problem must be accepted.
    package init(_ problem: ConvolutionProblem) {
        precondition(Self.accepts(problem), "F(4×4,3×3) does not fit \(problem)")
        self.problem = problem
        let (inputs, outputs) = (problem.inputs, problem.outputs)
        operandCount =
            WinogradPlanes.count
            * max(
                Self.packedStride(depth: inputs, columns: outputs), Self.packedStride(depth: outputs, columns: inputs))
        imagesPerPiece = max(1, Self.channelTilesPerPiece / ((inputs + outputs) * problem.tilesPerImage))
        imagesPerGroup = max(1, Self.tilesPerBlock / problem.tilesPerImage)
        let block = Self.tilesPerBlock
        let pieceTiles = imagesPerPiece * problem.tilesPerImage
        let products = WinogradPlanes.size(tiles: block, channels: Self.channelsPerBlock)
        let forward = WinogradPlanes.size(tiles: block, channels: inputs) + products
        let backward =
            WinogradPlanes.size(tiles: pieceTiles, channels: inputs)
            + WinogradPlanes.size(tiles: pieceTiles, channels: outputs)
            + max(products, WinogradPlanes.size(tiles: Self.gradientBlock, channels: Self.gradientBlock))
            + problem.weightCount
        scratchCount = Self.middleCount + max(forward, backward)
    }

    package func prepareForward(weights source: UnsafePointer<Float>, operand: Workspace, share: WorkShare) {
        let (inputs, outputs) = (problem.inputs, problem.outputs)
        let planeStride = Self.packedStride(depth: inputs, columns: outputs)
        let range = share.range(of: outputs, step: vectorWidth)
        for k in stride(from: range.lowerBound, to: range.upperBound, by: vectorWidth) {
            let panel = operand.pointer + k / MatrixTile.columns * inputs * MatrixTile.columns + k % MatrixTile.columns
            for c in 0..<inputs {
                WinogradTransform.filter(
                    source + c * outputs + k, tapStride: inputs * outputs, into: panel + c * MatrixTile.columns,
                    planeStride: planeStride)
            }
        }
    }

    package func prepareBackward(weights source: UnsafePointer<Float>, operand: Workspace, share: WorkShare) {
        let (inputs, outputs) = (problem.inputs, problem.outputs)
        let planeStride = Self.packedStride(depth: outputs, columns: inputs)
        // The taps of one vector of inputs by as many outputs, transposed: [9][outputs][inputs].
        let square = vectorWidth * vectorWidth
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 9 * square) { buffer in
            let taps = buffer.baseAddress!
            let range = share.range(of: inputs, step: vectorWidth)
            for c in stride(from: range.lowerBound, to: range.upperBound, by: vectorWidth) {
                let panel =
                    operand.pointer + c / MatrixTile.columns * outputs * MatrixTile.columns + c % MatrixTile.columns
                for k in stride(from: 0, to: outputs, by: vectorWidth) {
                    for tap in 0..<9 {
                        transpose(
                            source + (tap * inputs + c) * outputs + k, stride: outputs, into: taps + tap * square)
                    }
                    for row in 0..<vectorWidth {
                        WinogradTransform.filter(
                            taps + row * vectorWidth, tapStride: square,
                            into: panel + (k + row) * MatrixTile.columns, planeStride: planeStride)
                    }
                }
            }
        }
    }

    /// One square of weights, rows becoming columns.
    @inline(__always)
    private func transpose(_ source: UnsafePointer<Float>, stride: Int, into target: UnsafeMutablePointer<Float>) {
        for row in 0..<vectorWidth {
            for column in 0..<vectorWidth { target[column * vectorWidth + row] = source[row * stride + column] }
        }
    }

    /// The distance between the planes of a packed operand: its size and a cache line, or the 36 stores of a transform
    /// would fall into one set of the L1 cache.
    static func packedStride(depth: Int, columns: Int) -> Int {
        depth * roundUp(columns, to: MatrixTile.columns) + 16
    }

    package func forward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, operand: Workspace,
        bias: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, scratch: Workspace,
        finished: (Range<Int>) -> Void
    ) {
        let p = problem
        let middle = scratch.pointer
        let x = WinogradPlanes(at: middle + Self.middleCount, tiles: Self.tilesPerBlock, channels: p.inputs)
        let products = WinogradPlanes(
            at: x.pointer + WinogradPlanes.size(tiles: Self.tilesPerBlock, channels: p.inputs),
            tiles: Self.tilesPerBlock, channels: Self.channelsPerBlock)
        forEachBlock(images: 0..<images) { tiles in
            transformInput(tiles, input, activation, middle: middle, into: x, at: 0)
            let next = tiles.upperBound..<tiles.upperBound + tiles.count
            let steps = registerTiles(rows: tiles.count, columns: p.outputs)
            var ahead = Prefetch()
            add(input, next, channels: p.inputs, steps: steps, to: &ahead)
            // The first of several runs of channels is written before this block's products have passed.
            add(output, p.outputs > Self.channelsPerBlock ? next : tiles, channels: p.outputs, steps: steps, to: &ahead)
            for k in stride(from: 0, to: p.outputs, by: Self.channelsPerBlock) {
                let channels = k..<min(k + Self.channelsPerBlock, p.outputs)
                multiply(
                    rows: tiles.count, x, at: 0, depth: p.inputs, operand, columns: p.outputs, channels, products,
                    ahead: &ahead)
                transformOutput(tiles, channels, products, middle: middle, bias: bias, into: output)
            }
        } finished: {
            finished($0)
        }
    }

    /// Calls `body` with blocks of tiles of whole groups of images, and `finished` after each group.
    func forEachBlock(images: Range<Int>, _ body: (Range<Int>) -> Void, finished: (Range<Int>) -> Void) {
        for first in stride(from: images.lowerBound, to: images.upperBound, by: imagesPerGroup) {
            let group = first..<min(first + imagesPerGroup, images.upperBound)
            let end = group.upperBound * problem.tilesPerImage
            for start in stride(from: first * problem.tilesPerImage, to: end, by: Self.tilesPerBlock) {
                body(start..<min(start + Self.tilesPerBlock, end))
            }
            finished(group)
        }
    }

    /// The 36 products of one block of tiles with some columns of packed weights.
    func multiply(
        rows: Int, _ a: WinogradPlanes, at firstTile: Int, depth: Int, _ operand: Workspace, columns: Int,
        _ channels: Range<Int>, _ products: WinogradPlanes, ahead: inout Prefetch
    ) {
        let stride = Self.packedStride(depth: depth, columns: columns)
        let packed = operand.pointer + channels.lowerBound * depth
        for plane in 0..<WinogradPlanes.count {
            MatrixTile.multiply(
                rows: rows, columns: roundUp(channels.count, to: MatrixTile.columns),
                MatrixTile.Left(pointer: a.plane(plane) + firstTile * a.channelStride, segmentDepth: depth),
                rowStride: a.channelStride, packed: packed + plane * stride, out: products.plane(plane),
                outStride: products.channelStride, ahead: &ahead)
        }
    }

    /// The register tiles of the 36 products of a block.
    func registerTiles(rows: Int, columns: Int) -> Int {
        WinogradPlanes.count * ((rows + MatrixTile.rows - 1) / MatrixTile.rows)
            * (roundUp(columns, to: MatrixTile.columns) / MatrixTile.columns)
    }

    /// Adds what a run of tiles covers of images, but for the rows around it.
    func add(
        _ images: UnsafePointer<Float>, _ tiles: Range<Int>, channels: Int, steps: Int, to ahead: inout Prefetch
    ) {
        let rowOfTiles = 4 * problem.width * channels
        let tileColumns = problem.width / 4
        let (first, end) = (tiles.lowerBound / tileColumns, (tiles.upperBound + tileColumns - 1) / tileColumns)
        ahead.add(images + first * rowOfTiles, count: (end - first) * rowOfTiles, steps: steps)
    }
}

extension ConvolutionProblem {
    /// Output tiles of 4×4 in an image.
    var tilesPerImage: Int { (height / 4) * (width / 4) }
}
