import Tensors

/// Convolution of any geometry as a matrix product over patches.
///
/// Patches are made for a block of output positions of one image at a time, activation applied while copying, so that
/// they stay in cache. Blocks never span images: what is summed together depends on one image alone.
package final class Im2colConvolution: ConvolutionAlgorithm {
    package let problem: ConvolutionProblem
    private let workspace: Workspace
    /// `[outputs/16][patch][16]`.
    private let weights: Tensor
    /// `[patch/16][outputs][16]`.
    private let transposedWeights: Tensor
    /// Elements of a patch: kernel × kernel × inputs.
    private let patch: Int
    private let paddedPatch: Int
    private let paddedOutputs: Int

    /// Output positions of a block.
    private static let positionsPerBlock = 96

    /// Plans the convolution and reserves its scratch memory.
    package init(_ problem: ConvolutionProblem, workspace: Workspace) {
        self.problem = problem
        self.workspace = workspace
        patch = problem.kernel * problem.kernel * problem.inputs
        paddedPatch = roundUp(patch, to: MatrixTile.columns)
        paddedOutputs = roundUp(problem.outputs, to: MatrixTile.columns)
        weights = Tensor([patch * paddedOutputs])
        transposedWeights = Tensor([problem.outputs * paddedPatch])
        // Patches, the products of either direction, and the padded weight gradient.
        workspace.reserve(Self.positionsPerBlock * (2 * paddedPatch + paddedOutputs) + patch * paddedOutputs)
    }

    package func prepare(weights source: UnsafePointer<Float>) {
        let outputs = problem.outputs
        MatrixTile.pack(
            source, depth: patch, columns: outputs, depthStride: outputs, columnStride: 1, into: weights.pointer)
        MatrixTile.pack(
            source, depth: outputs, columns: patch, depthStride: 1, columnStride: outputs,
            into: transposedWeights.pointer)
    }

    package func forward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, bias: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        let p = problem
        let patches = workspace.pointer
        let products = patches + Self.positionsPerBlock * paddedPatch
        forEachBlock(images: images) { image, positions in
            makePatches(positions, input + image * p.inputCount, activation, into: patches)
            MatrixTile.multiply(
                rows: positions.count, columns: paddedOutputs, depth: patch, a: patches, aStride: paddedPatch,
                packed: weights.pointer, out: products, outStride: paddedOutputs)
            let y = output + image * p.outputCount + positions.lowerBound * p.outputs
            for row in 0..<positions.count {
                for k in 0..<p.outputs { y[row * p.outputs + k] = products[row * paddedOutputs + k] + bias[k] }
            }
        }
    }

    package func backward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, outputGradient: UnsafePointer<Float>,
        inputGradient: UnsafeMutablePointer<Float>, weightGradient: UnsafeMutablePointer<Float>, accumulate: Bool
    ) {
        let p = problem
        let patches = workspace.pointer
        let patchGradients = patches + Self.positionsPerBlock * paddedPatch
        let dy = patchGradients + Self.positionsPerBlock * paddedPatch
        let weightSums = dy + Self.positionsPerBlock * paddedOutputs
        weightSums.update(repeating: 0, count: patch * paddedOutputs)
        inputGradient.update(repeating: 0, count: images * p.inputCount)
        forEachBlock(images: images) { image, positions in
            let source = outputGradient + image * p.outputCount + positions.lowerBound * p.outputs
            for row in 0..<positions.count {
                let target = dy + row * paddedOutputs
                for k in 0..<p.outputs { target[k] = source[row * p.outputs + k] }
                for k in p.outputs..<paddedOutputs { target[k] = 0 }
            }
            MatrixTile.multiply(
                rows: positions.count, columns: paddedPatch, depth: p.outputs, a: dy, aStride: paddedOutputs,
                packed: transposedWeights.pointer, out: patchGradients, outStride: paddedPatch)
            addPatches(positions, patchGradients, into: inputGradient + image * p.inputCount)
            makePatches(positions, input + image * p.inputCount, activation, into: patches)
            MatrixTile.multiplyTransposed(
                rows: patch, columns: paddedOutputs, depth: positions.count, a: patches, aStride: paddedPatch, b: dy,
                bStride: paddedOutputs, out: weightSums, outStride: paddedOutputs, accumulate: true)
        }
        for row in 0..<patch {
            let target = weightGradient + row * p.outputs
            let sums = weightSums + row * paddedOutputs
            for k in 0..<p.outputs { target[k] = accumulate ? target[k] + sums[k] : sums[k] }
        }
    }

    private func forEachBlock(images: Int, _ body: (_ image: Int, _ positions: Range<Int>) -> Void) {
        let positions = problem.outputHeight * problem.outputWidth
        for image in 0..<images {
            for start in stride(from: 0, to: positions, by: Self.positionsPerBlock) {
                body(image, start..<min(start + Self.positionsPerBlock, positions))
            }
        }
    }

    /// The activated patches of a run of output positions, one row each; padding is zero.
    private func makePatches(
        _ positions: Range<Int>, _ image: UnsafePointer<Float>, _ activation: InputActivation,
        into patches: UnsafeMutablePointer<Float>
    ) {
        let inputs = problem.inputs
        forEachTap(positions) { row, tap, pixel in
            let target = patches + row * paddedPatch + tap * inputs
            guard let pixel else {
                target.update(repeating: 0, count: inputs)
                return
            }
            let x = image + pixel
            var c = 0
            while c + vectorWidth <= inputs {
                let value = (activation.shift + c).vector.addingProduct((x + c).vector, (activation.scale + c).vector)
                (target + c).vector = value.rectified
                c += vectorWidth
            }
            while c < inputs {
                target[c] = activation.apply(x[c], channel: c)
                c += 1
            }
        }
    }

    /// Adds rows of patch gradients where they came from; what falls on the padding is dropped.
    private func addPatches(
        _ positions: Range<Int>, _ patches: UnsafePointer<Float>, into image: UnsafeMutablePointer<Float>
    ) {
        let inputs = problem.inputs
        forEachTap(positions) { row, tap, pixel in
            guard let pixel else { return }
            let source = patches + row * paddedPatch + tap * inputs
            let target = image + pixel
            for c in 0..<inputs { target[c] += source[c] }
        }
    }

    /// Calls `body` with the row of a position, the filter tap, and the first input element under it (nil on padding).
    @inline(__always)
    private func forEachTap(_ positions: Range<Int>, _ body: (_ row: Int, _ tap: Int, _ pixel: Int?) -> Void) {
        let p = problem
        for position in positions {
            let (outputRow, outputColumn) = position.quotientAndRemainder(dividingBy: p.outputWidth)
            for kernelRow in 0..<p.kernel {
                let y = outputRow * p.stride + kernelRow - p.padding
                for kernelColumn in 0..<p.kernel {
                    let x = outputColumn * p.stride + kernelColumn - p.padding
                    let inside = y >= 0 && y < p.height && x >= 0 && x < p.width
                    body(
                        position - positions.lowerBound, kernelRow * p.kernel + kernelColumn,
                        inside ? (y * p.width + x) * p.inputs : nil)
                }
            }
        }
    }
}
