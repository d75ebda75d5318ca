import Kernels
import Tensors
import Testing

@Suite("Bits do not depend on the width of a vector")
struct VectorWidthTests {
    // Guards the first promise across processors: whatever the place of a channel among the others, it has the bits that
    // it has in vectors of sixteen of its kind, which are whole vectors of either width. Only the last channels % 8, the
    // same ones at any width, may have bits of their own: those of a channel alone.
    @Test(arguments: ChannelKernel.allCases, [8, 16, 24, 29, 40, 53])
    func channelsDoNotDependOnTheirPlace(_ kernel: ChannelKernel, _ count: Int) throws {
        let together = try kernel.results(of: Channels(Array(0..<count)))
        for channel in 0..<count {
            let isLeftOver = channel >= count - count % 8
            let alike = Channels(Array(repeating: channel, count: isLeftOver ? 1 : 16))
            let apart = try kernel.results(of: alike)
            #expect(Set(apart).count == 1, "every lane of \(channel)")
            #expect(together[channel] == apart[0], "channel \(channel) of \(count)")
        }
    }
}

/// Data whose channels are known by a number: a channel has the same values wherever it lies.
struct Channels {
    /// Two blocks of a sum and a part of a third.
    static let (height, width) = (12, 12)
    static let pixels = height * width

    let numbers: [Int]

    init(_ numbers: [Int]) { self.numbers = numbers }

    var count: Int { numbers.count }

    /// `[rows, channels]`.
    func matrix(rows: Int = pixels, seed: UInt64) -> [Float] {
        let columns = numbers.map { randomValues(rows, seed: 100 * seed + UInt64($0), offset: 0.3) }
        return (0..<rows).flatMap { row in columns.map { $0[row] } }
    }

    /// One number a channel.
    func row(seed: UInt64) -> [Float] { matrix(rows: 1, seed: seed) }

    /// The bits of each channel's elements in a matrix `[rows, channels]`.
    func columns(_ matrix: [Double]) -> [[UInt64]] {
        (0..<count).map { channel in
            stride(from: channel, to: matrix.count, by: count).map { matrix[$0].bitPattern }
        }
    }
}

/// The kernels whose results are a channel's own.
enum ChannelKernel: CaseIterable {
    case moments, biasSums, maskAndSum, activation, correction, averagePooling, maximumPooling, groupNormalization,
        dense, im2col

    /// The bits of all results, channel by channel.
    func results(of channels: Channels) throws -> [[UInt64]] {
        let results: [Double] =
            switch self {
            case .moments, .biasSums: sums(channels)
            case .maskAndSum, .activation, .correction: normalization(channels)
            case .averagePooling, .maximumPooling: pooling(channels)
            case .groupNormalization: groupNormalization(channels)
            case .dense: dense(channels)
            case .im2col: try im2col(channels)
            }
        return channels.columns(results)
    }

    private func sums(_ channels: Channels) -> [Double] {
        let x = channels.matrix(seed: 1)
        var (sums, squares) = (
            [Double](repeating: 0, count: channels.count), [Double](repeating: 0, count: channels.count)
        )
        if self == .moments {
            ChannelSums.moments(
                pixels: Channels.pixels, channels: channels.count, x, sums: &sums, squares: &squares)
        } else {
            ChannelSums.sums(
                pixels: Channels.pixels, channels: channels.count, pixelStride: channels.count, x, sums: &sums)
        }
        return sums + squares
    }

    private func normalization(_ channels: Channels) -> [Double] {
        let (x, scale, shift) = (channels.matrix(seed: 1), channels.row(seed: 2), channels.row(seed: 3))
        let (mean, inverse) = (channels.row(seed: 4), channels.row(seed: 5))
        var gradient = channels.matrix(seed: 6)
        var (sums, products) = (
            [Double](repeating: 0, count: channels.count), [Double](repeating: 0, count: channels.count)
        )
        scale.withUnsafeBufferPointer { scale in
            shift.withUnsafeBufferPointer { shift in
                x.withUnsafeBufferPointer { x in
                    let (scale, shift, x) = (scale.baseAddress!, shift.baseAddress!, x.baseAddress!)
                    let activation = InputActivation(scale: scale, shift: shift)
                    if self == .maskAndSum {
                        BatchNormalizationBackward.maskAndSum(
                            pixels: Channels.pixels, channels: channels.count, input: x, activation: activation,
                            mean: mean, inverse: inverse, gradient: &gradient, sums: &sums, products: &products)
                    } else if self == .activation {
                        Elementwise.activate(
                            pixels: Channels.pixels, channels: channels.count, input: x, activation: activation,
                            output: &gradient)
                    } else {
                        let correction = OutputGradient.Correction(
                            output: x, scale: scale, slope: shift, constant: shift)
                        gradient.withUnsafeMutableBufferPointer { g in
                            OutputGradient(g.baseAddress!, correction: correction).complete(
                                pixels: Channels.pixels, channels: channels.count, into: g.baseAddress!,
                                targetStride: channels.count)
                        }
                    }
                }
            }
        }
        return gradient.map(Double.init) + sums + products
    }

    private func pooling(_ channels: Channels) -> [Double] {
        let (x, count, height, width) = (channels.matrix(seed: 1), channels.count, Channels.height, Channels.width)
        let dy = channels.matrix(rows: Channels.pixels / 4, seed: 2)
        var (y, chosen, dx) = (dy, dy, x)
        if self == .averagePooling {
            Pooling.averageForward(
                images: 1, height: height, width: width, channels: count, window: PoolWindow(height: 2, width: 2),
                input: x, output: &y)
            Pooling.averageBackward(
                images: 1, height: height, width: width, channels: count, window: PoolWindow(height: 2, width: 2),
                outputGradient: dy,
                inputGradient: &dx)
        } else {
            Pooling.maximumForward(
                images: 1, height: height, width: width, channels: count, input: x, output: &y, chosen: &chosen)
            Pooling.maximumBackward(
                images: 1, height: height, width: width, channels: count, outputGradient: dy, chosen: chosen,
                inputGradient: &dx)
        }
        return (y + chosen + dx).map(Double.init)
    }

    /// With every channel a group of its own.
    private func groupNormalization(_ channels: Channels) -> [Double] {
        let (x, gamma, beta) = (channels.matrix(seed: 1), channels.row(seed: 2), channels.row(seed: 3))
        let normalization = GroupNormalization(
            pixels: Channels.pixels, channels: channels.count, groups: channels.count)
        var moments = [Float](repeating: 0, count: 2 * channels.count)
        var (y, gradient, gammaSums, betaSums) = (x, channels.matrix(seed: 4), beta, gamma)
        normalization.forward(x, gamma: gamma, beta: beta, moments: &moments, output: &y)
        normalization.backward(
            x, gamma: gamma, moments: moments, gradient: &gradient, gammaSums: &gammaSums, betaSums: &betaSums)
        return (y + gradient + gammaSums + betaSums).map(Double.init)
    }

    /// The gradients of three outputs, by the inputs and by the weights.
    private func dense(_ channels: Channels) -> [Double] {
        let (input, weights) = (channels.matrix(rows: 5, seed: 1), channels.matrix(rows: 3, seed: 2))
        let (dy, bias) = (randomValues(15, seed: 3), randomValues(3, seed: 4))
        var (dx, dw, db) = (input, weights, bias)
        DenseProduct.backward(
            images: 5, inputs: channels.count, outputs: 3, input: input, weights: weights, outputGradient: dy,
            inputGradient: &dx, weightGradient: &dw, biasGradient: &db)
        return (dx + dw).map(Double.init)
    }

    /// What belongs to a convolution's outputs, by their channels.
    private func im2col(_ channels: Channels) throws -> [Double] {
        let problem = ConvolutionProblem(
            height: Channels.height, width: Channels.width, inputs: 3, outputs: channels.count)
        let test = ConvolutionCase(
            problem, images: 1, weights: channels.matrix(rows: 27, seed: 1), bias: channels.row(seed: 2),
            outputGradient: channels.matrix(seed: 3))
        let gradients = try test.gradients(.im2col)
        return (try test.output(.im2col) + gradients.weights).map(Double.init) + gradients.bias
    }
}
