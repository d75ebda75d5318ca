import Kernels
import Tensors

/// Batch normalisation and the ReLU behind it, if there is one, as two numbers a channel: y = max(floor, x · scale + shift)
/// with scale = γ/√(variance + ε) and shift = β − mean · scale (Ioffe and Szegedy, 2015).
///
/// The statistics are sums over all pixels of the batch taken granule by granule. It does not pass over the
/// activations to normalise them: whoever reads them next applies the two numbers while loading.
///
/// Sums over ranks are started as soon as this rank's part is known, and waited for where they are needed: what the
/// layer computes in between hides their messages and the lateness of other ranks.
final class BatchNormalization {
    static let epsilon = 1e-3
    static let momentum = 0.99

    /// The extents of one image, `[height, width, channels]`.
    let shape: Shape
    let gamma: Parameter
    let beta: Parameter
    let runningMean: Parameter
    let runningVariance: Parameter
    private let mode: NormalizationMode
    private let rectifies: Bool
    /// The sums over a batch that arrives without them.
    private let inputMoments: OutputMoments
    /// Σg and Σg·x̂ of backward.
    private let backwardSums: GranuleSums
    /// Waits for the sums that are on their way.
    private var finishSums: (() throws -> [Double])?
    /// This rank's own mean and variance, where they are those of the batch.
    private var ownMoments: (mean: [Double], variance: [Double])?
    /// Rows of per-channel numbers: scale, shift, mean, inverse deviation, and backward's three factors.
    private let rows: Tensor
    /// The pixels that the statistics were taken over.
    private var pixelCount = 0.0

    init(
        prefix: String, shape: Shape, rectifies: Bool = true, _ builder: inout LayerBuilder
    ) throws(ResourceError) {
        self.shape = shape
        self.rectifies = rectifies
        mode = builder.normalization
        let channels = shape[2]
        inputMoments = OutputMoments(shape, granuleCount: builder.granuleCount)
        backwardSums = GranuleSums(width: 2 * channels, granuleCount: builder.granuleCount)
        gamma = builder.declare("\(prefix).weight", [channels], role: .scale)
        beta = builder.declare("\(prefix).bias", [channels], role: .shift)
        runningMean = builder.declareStatistic("\(prefix).running_mean", [channels])
        runningVariance = builder.declareStatistic("\(prefix).running_var", [channels])
        rows = try Tensor(allocating: [7, channels])
    }

    var parameters: [Parameter] { [gamma, beta] }
    var statistics: [Parameter] { [runningMean, runningVariance] }
    private var channels: Int { shape[2] }
    private var pixels: Int { shape[0] * shape[1] }

    private func row(_ index: Int) -> UnsafeMutablePointer<Float> { rows.pointer + index * channels }

    /// Takes this rank's sums of `input` and starts exchanging them; `batchActivation(_:)` comes next.
    func startForward(_ input: Activations, _ context: TrainingContext) throws {
        let width = 2 * channels + 1
        var partials = input.moments ?? takeMoments(of: input.tensor, context)
        if mode == .local { partials = weighOwnMoments(partials, width: width) }
        finishSums = try context.statistics.startSum(partials, width: width)
    }

    /// The activation in training: waits for the batch statistics and moves the running ones.
    func batchActivation(_ context: TrainingContext) throws -> InputActivation {
        activation(try batchMoments(context.memory), context.memory)
    }

    /// The activation without learning, by the running statistics.
    func runningActivation(_ memory: NetworkMemory) -> InputActivation {
        let (mean, variance) = (memory.statistic(runningMean), memory.statistic(runningVariance))
        return activation(
            ((0..<channels).map { Double(mean[$0]) }, (0..<channels).map { Double(variance[$0]) }), memory)
    }

    private func activation(
        _ moments: (mean: [Double], variance: [Double]), _ memory: NetworkMemory
    ) -> InputActivation {
        let (scale, shift, mean, inverse) = (row(0), row(1), row(2), row(3))
        let (gamma, beta) = (memory.values(of: gamma), memory.values(of: beta))
        for c in 0..<channels {
            let deviation = (moments.variance[c] + Self.epsilon).squareRoot()
            mean[c] = Float(moments.mean[c])
            inverse[c] = Float(1 / deviation)
            scale[c] = gamma[c] * inverse[c]
            shift[c] = Float(Double(beta[c]) - moments.mean[c] * Double(scale[c]))
        }
        return InputActivation(scale: scale, shift: shift, rectifies: rectifies)
    }

    /// Mean and biased variance over the batch, and the running ones moved towards them.
    private func batchMoments(_ memory: NetworkMemory) throws -> (mean: [Double], variance: [Double]) {
        let sums = try startedSums()
        switch mode {
        case .synchronized:
            let batch = moments(from: sums)
            moveRunning(mean: batch.mean, variance: batch.variance, memory)
            return batch
        case .local:
            let count = max(sums[2 * channels], 1)
            moveRunning(
                mean: sums[0..<channels].map { $0 / count }, variance: sums[channels..<2 * channels].map { $0 / count },
                memory)
            guard let ownMoments else { preconditionFailure("sums are taken before they are waited for") }
            return ownMoments
        }
    }

    private func startedSums() throws -> [Double] {
        guard let finishSums else { preconditionFailure("sums are started before they are waited for") }
        self.finishSums = nil
        return try finishSums()
    }

    private func takeMoments(of input: Tensor, _ context: TrainingContext) -> [Double] {
        inputMoments.clear()
        context.forEachShare { inputMoments.add($0, of: input, context) }
        return inputMoments.partials(context)
    }

    /// Keeps this rank's own moments, and returns them weighted by its pixels: the running ones move by the mean over
    /// ranks.
    private func weighOwnMoments(_ partials: [Double], width: Int) -> [Double] {
        let own = ownSums(partials, width: width)
        let batch = moments(from: own)
        ownMoments = batch
        var weighted = [Double](repeating: 0, count: partials.count)
        for c in 0..<channels {
            weighted[c] = batch.mean[c] * own[width - 1]
            weighted[channels + c] = batch.variance[c] * own[width - 1]
        }
        weighted[width - 1] = own[width - 1]
        return weighted
    }

    /// This rank's sums, from those of its subtrees.
    private func ownSums(_ partials: [Double], width: Int) -> [Double] {
        var own = [Double](repeating: 0, count: width)
        for (index, value) in partials.enumerated() { own[index % width] += value }
        return own
    }

    private func moments(from sums: [Double]) -> (mean: [Double], variance: [Double]) {
        pixelCount = max(sums[2 * channels], 1)
        let mean = (0..<channels).map { sums[$0] / pixelCount }
        let variance = (0..<channels).map { max(0, sums[channels + $0] / pixelCount - mean[$0] * mean[$0]) }
        return (mean, variance)
    }

    private func moveRunning(mean: [Double], variance: [Double], _ memory: NetworkMemory) {
        func move(_ parameter: Parameter, towards batch: [Double]) {
            let statistic = memory.statistic(parameter)
            for c in 0..<channels {
                statistic[c] = Float(Self.momentum * Double(statistic[c]) + (1 - Self.momentum) * batch[c])
            }
        }
        move(runningMean, towards: mean)
        move(runningVariance, towards: variance)
    }

    /// Forgets the sums of the backward pass before.
    func beginBackward() { backwardSums.clear() }

    /// Masks the gradient by the activated input of some images of one granule, in place, and takes their sums.
    func addBackward(_ images: Range<Int>, granule: Int, input: Tensor, gradient: Tensor) {
        let sums = backwardSums[granule]
        for image in images {
            BatchNormalizationBackward.maskAndSum(
                pixels: pixels, channels: channels, input: input.pointer + image * shape.count,
                activation: InputActivation(scale: row(0), shift: row(1), rectifies: rectifies), mean: row(2),
                inverse: row(3),
                gradient: gradient.pointer + image * shape.count, sums: sums, products: sums + channels)
        }
    }

    /// Starts exchanging the sums, once all images of this rank are added.
    func startSums(_ context: TrainingContext) throws {
        let partials = backwardSums.partials(context)
        let width = 2 * channels
        switch mode {
        case .synchronized: finishSums = try context.statistics.startSum(partials, width: width)
        case .local:
            let own = ownSums(partials, width: width)
            finishSums = { own }
        }
    }

    /// Waits for the sums, leaves the gradients of γ and β, and says what makes the masked gradient the one by the input.
    func finishBackward(input: Tensor, _ context: TrainingContext) throws -> OutputGradient.Correction {
        let (mean, inverse) = (row(2), row(3))
        let sums = try startedSums()
        keepGradients(sums, context)
        let (a, b, constant) = (row(4), row(5), row(6))
        for c in 0..<channels {
            let scale = Double(row(0)[c])
            let slope = scale * Double(inverse[c]) * sums[channels + c] / pixelCount
            a[c] = Float(scale)
            b[c] = Float(-slope)
            constant[c] = Float(slope * Double(mean[c]) - scale * sums[c] / pixelCount)
        }
        return OutputGradient.Correction(output: input.pointer, scale: a, slope: b, constant: constant)
    }

    /// The gradients of β and γ, from Σg and Σg·x̂ over the samples that were normalised together.
    ///
    /// A global sum is put into rank 0's first subtree alone: adding zeros changes no bit.
    private func keepGradients(_ sums: [Double], _ context: TrainingContext) {
        let holds = mode == .local || context.rank == 0
        for (index, block) in context.memory.parameters.gradientPartials.enumerated() {
            for c in 0..<channels {
                let present = holds && index == 0
                block.pointer[beta.range.lowerBound + c] = present ? Float(sums[c]) : 0
                block.pointer[gamma.range.lowerBound + c] = present ? Float(sums[channels + c]) : 0
            }
        }
    }
}

/// Whose samples batch normalisation normalises by.
public enum NormalizationMode: String, Sendable, Codable, CaseIterable {
    /// The global batch's: R ranks compute what one rank computes.
    case synchronized
    /// Each rank's own; the running statistics are averaged over the ranks every step.
    case local
}
