import Tensors

/// Convolution of any geometry as a matrix product over patches.
///
/// Patches are never written down: in an image with its padding around it, the patches of one output row are rows of a
/// matrix whose elements lie at fixed distances, and the product reads them there. What is summed together depends on
/// one image alone, block of output rows by block.
package final class Im2colConvolution: ConvolutionAlgorithm {
    package let problem: ConvolutionProblem
    package let operandCount: Int
    package let scratchCount: Int
    /// Elements of a patch: kernel × kernel × inputs.
    private let patch: Int
    private let paddedPatch: Int
    private let paddedOutputs: Int
    /// Elements of a row of the padded image.
    private let rowCount: Int
    private let paddedImageCount: Int
    /// Output rows whose gradients are worked on together.
    private let rowsPerBlock: Int
    /// Where each element of a patch lies, counted from the patch's first.
    private let patchOffsets: [Int]

    /// Output positions of a block in backward, about.
    private static let positionsPerBlock = 256

    /// Plans the convolution.
    package init(_ problem: ConvolutionProblem) {
        self.problem = problem
        let filterRow = problem.kernel * problem.inputs
        patch = problem.kernel * filterRow
        paddedPatch = roundUp(patch, to: MatrixTile.columns)
        paddedOutputs = roundUp(problem.outputs, to: MatrixTile.columns)
        let rowCount = (problem.width + 2 * problem.padding) * problem.inputs
        self.rowCount = rowCount
        // Whole cache lines, and one more that vectors at the end may touch.
        paddedImageCount = roundUp((problem.height + 2 * problem.padding) * rowCount, to: 16) + vectorWidth
        rowsPerBlock = min(max(1, Self.positionsPerBlock / problem.outputWidth), problem.outputHeight)
        patchOffsets = (0..<patch).map { $0 / filterRow * rowCount + $0 % filterRow }
        operandCount = max(patch * paddedOutputs, problem.outputs * paddedPatch)
        let positions = rowsPerBlock * problem.outputWidth
        scratchCount = 2 * paddedImageCount + positions * (paddedOutputs + paddedPatch) + patch * paddedOutputs
    }

    package func prepareForward(weights: UnsafePointer<Float>, operand: Workspace, share: WorkShare) {
        MatrixTile.pack(
            weights, panels: share.range(of: paddedOutputs / MatrixTile.columns), depth: patch,
            columns: problem.outputs, depthStride: problem.outputs, columnStride: 1, into: operand.pointer)
    }

    package func prepareBackward(weights: UnsafePointer<Float>, operand: Workspace, share: WorkShare) {
        MatrixTile.pack(
            weights, panels: share.range(of: paddedPatch / MatrixTile.columns), depth: problem.outputs,
            columns: patch, depthStride: 1, columnStride: problem.outputs, into: operand.pointer)
    }

    package func forward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, operand: Workspace,
        bias: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, scratch: Workspace,
        finished: (Range<Int>) -> Void
    ) {
        let p = problem
        var ahead = Prefetch()
        let memory = Memory(self, scratch)
        memory.image.update(repeating: 0, count: paddedImageCount)
        for image in 0..<images {
            activate(input + image * p.inputCount, activation, into: memory.image)
            for row in 0..<p.outputHeight {
                MatrixTile.multiply(
                    rows: p.outputWidth, columns: paddedOutputs, patches(memory.image, ofRow: row),
                    rowStride: p.stride * p.inputs, packed: operand.pointer, out: memory.dy, outStride: paddedOutputs,
                    ahead: &ahead)
                let y = output + image * p.outputCount + row * p.outputWidth * p.outputs
                for position in 0..<p.outputWidth {
                    Elementwise.sum(
                        memory.dy + position * paddedOutputs, bias, into: y + position * p.outputs, count: p.outputs)
                }
            }
            finished(image..<image + 1)
        }
    }

    package func backward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, operand: Workspace,
        outputGradient: OutputGradient, inputGradient: UnsafeMutablePointer<Float>,
        weightGradient: UnsafeMutablePointer<Float>, accumulate: Bool, biasSums: UnsafeMutablePointer<Double>,
        scratch: Workspace, finished: (Range<Int>) -> Void
    ) {
        let p = problem
        let memory = Memory(self, scratch)
        memory.image.update(repeating: 0, count: paddedImageCount)
        memory.weightSums.update(repeating: 0, count: patch * paddedOutputs)
        memory.dy.update(repeating: 0, count: rowsPerBlock * p.outputWidth * paddedOutputs)
        for image in 0..<images {
            activate(input + image * p.inputCount, activation, into: memory.image)
            memory.gradient.update(repeating: 0, count: paddedImageCount)
            for start in stride(from: 0, to: p.outputHeight, by: rowsPerBlock) {
                let rows = start..<min(start + rowsPerBlock, p.outputHeight)
                let offset = image * p.outputCount + start * p.outputWidth * p.outputs
                backwardBlock(rows, outputGradient.advanced(by: offset), operand, memory, biasSums: biasSums)
            }
            crop(memory.gradient, into: inputGradient + image * p.inputCount)
            finished(image..<image + 1)
        }
        for row in 0..<patch {
            let target = weightGradient + row * p.outputs
            let sums = memory.weightSums + row * paddedOutputs
            for k in 0..<p.outputs { target[k] = accumulate ? target[k] + sums[k] : sums[k] }
        }
    }

    /// Where the parts of the scratch memory lie.
    private struct Memory {
        /// The activated image with zeros around it.
        let image: UnsafeMutablePointer<Float>
        /// The gradient by it.
        let gradient: UnsafeMutablePointer<Float>
        /// Rows of the output gradient, or of the output before the bias, padded to whole tiles.
        let dy: UnsafeMutablePointer<Float>
        let patchGradients: UnsafeMutablePointer<Float>
        let weightSums: UnsafeMutablePointer<Float>

        init(_ convolution: Im2colConvolution, _ scratch: Workspace) {
            let positions = convolution.rowsPerBlock * convolution.problem.outputWidth
            image = scratch.pointer
            gradient = image + convolution.paddedImageCount
            dy = gradient + convolution.paddedImageCount
            patchGradients = dy + positions * convolution.paddedOutputs
            weightSums = patchGradients + positions * convolution.paddedPatch
        }
    }

    /// Some output rows: their patches' gradients back into the image's, and their part of the weight gradient.
    private func backwardBlock(
        _ rows: Range<Int>, _ outputGradient: OutputGradient, _ operand: Workspace, _ memory: Memory,
        biasSums: UnsafeMutablePointer<Double>
    ) {
        let p = problem
        let positions = rows.count * p.outputWidth
        outputGradient.complete(
            pixels: positions, channels: p.outputs, into: memory.dy, targetStride: paddedOutputs)
        ChannelSums.sums(
            pixels: positions, channels: p.outputs, pixelStride: paddedOutputs, memory.dy, sums: biasSums)
        var ahead = Prefetch()
        MatrixTile.multiply(
            rows: positions, columns: paddedPatch,
            MatrixTile.Left(pointer: memory.dy, segmentDepth: p.outputs), rowStride: paddedOutputs,
            packed: operand.pointer, out: memory.patchGradients, outStride: paddedPatch, ahead: &ahead)
        addPatches(rows, memory)
        MatrixTile.multiplyTransposed(
            rows: patch, columns: paddedOutputs,
            MatrixTile.Left(
                pointer: memory.image + rows.lowerBound * p.stride * rowCount, depthStride: p.stride * p.inputs,
                segments: rows.count, segmentDepth: p.outputWidth, segmentStride: p.stride * rowCount),
            rowOffset: { patchOffsets[$0] }, b: memory.dy, bStride: paddedOutputs, out: memory.weightSums,
            outStride: paddedOutputs, accumulate: true, ahead: &ahead)
    }

    /// The patches of one output row, the first one's rows as segments.
    private func patches(_ image: UnsafePointer<Float>, ofRow row: Int) -> MatrixTile.Left {
        MatrixTile.Left(
            pointer: image + row * problem.stride * rowCount, segments: problem.kernel,
            segmentDepth: problem.kernel * problem.inputs, segmentStride: rowCount)
    }

    /// Copies an image, activated, into the middle of the padded one.
    private func activate(
        _ image: UnsafePointer<Float>, _ activation: InputActivation, into padded: UnsafeMutablePointer<Float>
    ) {
        let p = problem
        for row in 0..<p.height {
            Elementwise.activate(
                pixels: p.width, channels: p.inputs, input: image + row * p.width * p.inputs, activation: activation,
                output: padded + (row + p.padding) * rowCount + p.padding * p.inputs)
        }
    }

    /// Copies the middle of a padded image.
    private func crop(_ padded: UnsafePointer<Float>, into image: UnsafeMutablePointer<Float>) {
        let p = problem
        for row in 0..<p.height {
            (image + row * p.width * p.inputs).update(
                from: padded + (row + p.padding) * rowCount + p.padding * p.inputs, count: p.width * p.inputs)
        }
    }

    /// Adds the patch gradients of some output rows where their patches lie.
    private func addPatches(_ rows: Range<Int>, _ memory: Memory) {
        let p = problem
        let filterRow = p.kernel * p.inputs
        for row in rows {
            for column in 0..<p.outputWidth {
                let position = (row - rows.lowerBound) * p.outputWidth + column
                let source = memory.patchGradients + position * paddedPatch
                let target = memory.gradient + row * p.stride * rowCount + column * p.stride * p.inputs
                for kernelRow in 0..<p.kernel {
                    Elementwise.add(
                        source + kernelRow * filterRow, to: target + kernelRow * rowCount, count: filterRow)
                }
            }
        }
    }
}
