import Tensors

/// Convolution 3×3, stride 1, padding 1 by F(4×4,3×3): 36 multiplies for 16 outputs where the definition needs 144.
///
/// Forward works through blocks of tiles: transform the activated input into 36 planes, multiply each plane by the
/// transformed weights, transform back while adding the bias. A tile is a row of the products, so its result does not
/// depend on the block it falls into.
package final class WinogradConvolution: ConvolutionAlgorithm {
    package let problem: ConvolutionProblem
    let workspace: Workspace
    /// Weights as 36 packed operands `[outputs/16][inputs][16]`, for forward.
    let weights: Tensor
    /// Weights as 36 packed operands `[inputs/16][outputs][16]`, for the input gradient.
    let transposedWeights: Tensor
    /// Six rows of six vectors between the two passes of a transform.
    let intermediate = Tensor([36 * vectorWidth])

    /// The weight gradient of a run of several pieces, before it is added to what was there.
    lazy var runGradient = Tensor([problem.weightCount])

    /// Tiles of a block: eight row tiles of the matrix product.
    static let tilesPerBlock = 48
    /// Tiles whose transforms are held together in backward. More would save passes over the weight gradient, but the
    /// planes of several ranks would then push each other out of the shared cache.
    static let tilesPerPiece = 128
    /// Images whose transforms are held together in backward; a longer run is summed in pieces of this many.
    let imagesPerPiece: Int
    /// The weight gradient is made in blocks of this many inputs × outputs, so that its 36 planes stay in L2.
    static let gradientBlock = 64

    /// Whether F(4×4,3×3) fits the geometry: whole tiles and whole vectors.
    package static func accepts(_ problem: ConvolutionProblem) -> Bool {
        problem.kernel == 3 && problem.stride == 1 && problem.padding == 1 && problem.height % 4 == 0
            && problem.width % 4 == 0 && problem.inputs % vectorWidth == 0 && problem.outputs % vectorWidth == 0
    }

    /// Plans the convolution and reserves its scratch memory; the problem must be accepted.
    package init(_ problem: ConvolutionProblem, workspace: Workspace) {
        precondition(Self.accepts(problem), "F(4×4,3×3) does not fit \(problem)")
        self.problem = problem
        self.workspace = workspace
        let (inputs, outputs) = (problem.inputs, problem.outputs)
        weights = Tensor([WinogradPlanes.count * Self.packedStride(depth: inputs, columns: outputs)])
        transposedWeights = Tensor([WinogradPlanes.count * Self.packedStride(depth: outputs, columns: inputs)])
        let block = Self.tilesPerBlock
        imagesPerPiece = max(1, Self.tilesPerPiece / problem.tilesPerImage)
        let pieceTiles = imagesPerPiece * problem.tilesPerImage
        let forward =
            WinogradPlanes.size(tiles: block, channels: inputs) + WinogradPlanes.size(tiles: block, channels: outputs)
        let backward =
            WinogradPlanes.size(tiles: pieceTiles, channels: inputs)
            + WinogradPlanes.size(tiles: pieceTiles, channels: outputs)
            + max(
                WinogradPlanes.size(tiles: block, channels: inputs),
                WinogradPlanes.size(tiles: Self.gradientBlock, channels: Self.gradientBlock))
        workspace.reserve(max(forward, backward))
    }

    package func prepare(weights source: UnsafePointer<Float>) {
        // Sixteen inputs in the innermost loop: the cache lines of the transposed operand, one per output and plane, are
        // filled while they are still in L1.
        for block in stride(from: 0, to: problem.inputs, by: MatrixTile.columns) {
            for k in stride(from: 0, to: problem.outputs, by: vectorWidth) {
                for c in block..<min(block + MatrixTile.columns, problem.inputs) {
                    transformFilters(source + c * problem.outputs + k, input: c, output: k)
                }
            }
        }
    }

    /// G g Gᵀ of one input's filters for eight outputs, into both packed operands.
    @inline(__always)
    private func transformFilters(_ g: UnsafePointer<Float>, input c: Int, output k: Int) {
        let (inputs, outputs) = (problem.inputs, problem.outputs)
        let tap = inputs * outputs
        let middle = intermediate.pointer
        for column in 0..<3 {
            let taps = ((g + column * tap).vector, (g + (3 + column) * tap).vector, (g + (6 + column) * tap).vector)
            WinogradPlanes.store(WinogradTransform.filter(taps), middle + column * 8, 3 * 8)
        }
        let packed = weights.pointer + (k / 16 * inputs + c) * 16 + k % 16
        let transposed = transposedWeights.pointer + (c / 16 * outputs + k) * 16 + c % 16
        let planeStride = Self.packedStride(depth: inputs, columns: outputs)
        let transposedStride = Self.packedStride(depth: outputs, columns: inputs)
        for row in 0..<6 {
            let m = middle + row * 24
            let u = WinogradTransform.filter((m.vector, (m + 8).vector, (m + 16).vector))
            WinogradPlanes.store(u, packed + row * 6 * planeStride, planeStride)
            scatter(u.0, transposed + (row * 6) * transposedStride)
            scatter(u.1, transposed + (row * 6 + 1) * transposedStride)
            scatter(u.2, transposed + (row * 6 + 2) * transposedStride)
            scatter(u.3, transposed + (row * 6 + 3) * transposedStride)
            scatter(u.4, transposed + (row * 6 + 4) * transposedStride)
            scatter(u.5, transposed + (row * 6 + 5) * transposedStride)
        }
    }

    /// The distance between the planes of a packed operand: its size and a cache line, or the 36 stores of a transform
    /// would fall into one set of the L1 cache.
    private static func packedStride(depth: Int, columns: Int) -> Int {
        depth * roundUp(columns, to: MatrixTile.columns) + 16
    }

    package func forward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, bias: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        let p = problem
        let tiles = images * p.tilesPerImage
        let block = Self.tilesPerBlock
        let x = WinogradPlanes(at: workspace.pointer, tiles: block, channels: p.inputs)
        let products = WinogradPlanes(
            at: workspace.pointer + WinogradPlanes.size(tiles: block, channels: p.inputs), tiles: block,
            channels: p.outputs)
        for start in stride(from: 0, to: tiles, by: block) {
            let range = start..<min(start + block, tiles)
            transformInput(range, input, activation, into: x)
            multiply(rows: range.count, x, weights, depth: p.inputs, columns: p.outputs, into: products)
            transformOutput(range, products, bias: bias, into: output)
        }
    }

    /// The 36 products of one block of tiles with packed weights.
    func multiply(
        rows: Int, firstTile: Int = 0, _ a: WinogradPlanes, _ packed: Tensor, depth: Int, columns: Int,
        into products: WinogradPlanes
    ) {
        let padded = roundUp(columns, to: MatrixTile.columns)
        let stride = Self.packedStride(depth: depth, columns: columns)
        for plane in 0..<WinogradPlanes.count {
            MatrixTile.multiply(
                rows: rows, columns: padded, depth: depth, a: a.plane(plane) + firstTile * a.channelStride,
                aStride: a.channelStride, packed: packed.pointer + plane * stride, out: products.plane(plane),
                outStride: products.channelStride)
        }
    }

    /// Writes eight lanes sixteen floats apart: a column of a packed operand.
    @inline(__always)
    private func scatter(_ v: Vector, _ target: UnsafeMutablePointer<Float>) {
        for lane in 0..<vectorWidth { target[lane * MatrixTile.columns] = v[lane] }
    }
}

extension ConvolutionProblem {
    /// Output tiles of 4×4 in an image.
    var tilesPerImage: Int { (height / 4) * (width / 4) }
}
