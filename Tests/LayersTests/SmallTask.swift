import Granules
import Layers
import Tensors

/// A small network with a batch of random images, for checks that need a loss.
final class SmallTask {
    let network: Network
    let images: Tensor
    let labels: [UInt8]
    let pass: TrainingContext
    private let criterion: Criterion
    private let statistics = SingleRankStatistics()

    init(_ architecture: Architecture, images count: Int = 6, granules: Int = 4) throws {
        network = try Network(architecture, maximumImages: count, granuleCount: granules, convolution: .im2col)
        network.initialize(seed: 11)
        var stream = RandomStream(seed: 5, purpose: .synthetic)
        images = Tensor(
            Shape([count] + architecture.image.shape.dimensions),
            values: (0..<count * architecture.image.count).map { _ in stream.normal() })
        labels = (0..<count).map { UInt8($0 % architecture.classes) }
        criterion = try Criterion(classes: architecture.classes, maximumImages: count)
        pass = TrainingContext(
            network, plan: GranulePlan(sampleCount: count, granuleCount: granules, rankCount: 1), rank: 0, seed: 3,
            epoch: 2, sampleIndices: Array(0..<count), statistics: statistics)
        // Away from the symmetric start, where some gradients vanish.
        for parameter in network.parameters.table.parameters where parameter.role != .weight {
            for element in parameter.range { network.parameters.values.pointer[element] += 0.3 * stream.normal() }
        }
    }

    /// The mean loss at the present weights.
    func loss() throws -> Double {
        let logits = try network.forward(images, pass)
        return criterion.evaluate(logits, labels: labels, pass).partials[0] / Double(labels.count)
    }

    /// The gradients at the present weights; returns the ready ranges in the order they were announced.
    @discardableResult
    func backward() throws -> [Range<Int>] {
        let logits = try network.forward(images, pass)
        let outcome = criterion.evaluate(logits, labels: labels, pass)
        var ready: [Range<Int>] = []
        try network.backward(from: outcome.gradient, pass) { ready.append($0) }
        return ready
    }
}
