import Layers
import Tensors
import Testing

private func architecture(
    _ pooling: StagedNetwork.PoolingKind, dropout: Double = 0, finalActivation: Bool = false
) -> Architecture {
    Architecture(
        StagedNetwork(
            stages: [.init(width: 5, units: 2), .init(width: 7, units: 1)], pooling: pooling, dropout: dropout,
            finalActivation: finalActivation),
        image: ImageShape(height: 8, width: 8, channels: 3), classes: 4)
}

/// A network of some blocks before a classifier.
private func network(_ blocks: any Block...) -> Architecture {
    Architecture(
        BlockList(blocks + [AveragePoolBlock(), DenseBlock()]), image: ImageShape(height: 8, width: 8, channels: 3),
        classes: 4)
}

@Suite("Backward is the derivative of forward")
struct GradientTests {
    // Guards: every layer's backward formula. The loss along a random direction of each parameter tensor, by central
    // differences, against the inner product with the gradient. A wrong factor or a missing term is off by far more
    // than the 2 % that the kinks of ReLU and max pooling cost.
    @Test(arguments: [
        architecture(.max), architecture(.average), architecture(.strided), architecture(.max, dropout: 0.3),
        architecture(.average, finalActivation: true),
        network(ConvolutionBlock(width: 6, kernel: 2, padding: 0, bias: false), BatchNormalizationBlock()),
        network(ConvolutionBlock(width: 5, kernel: 5, stride: 2), ActivationBlock(.gelu), UnitBlock(width: 4)),
        network(ConvolutionBlock(width: 6), GroupNormalizationBlock(groups: 2), ActivationBlock(.silu)),
        network(GroupNormalizationBlock(groups: 1), ConvolutionBlock(width: 4), ActivationBlock(.relu)),
        network(UnitBlock(width: 5), ResidualBlock([UnitBlock(width: 5), UnitBlock(width: 5)]), UnitBlock(width: 4)),
        network(
            ResidualBlock(
                [UnitBlock(width: 6, stride: 2), DropoutBlock(rate: 0.2)],
                shortcut: [BatchNormalizationBlock(), ConvolutionBlock(width: 6, kernel: 1, stride: 2)])),
        network(
            ConvolutionBlock(width: 4),
            ResidualBlock([
                ActivationBlock(.gelu), ResidualBlock([ConvolutionBlock(width: 4)]), BatchNormalizationBlock(),
            ])),
        Architecture(
            [UnitBlock(width: 5), AveragePoolBlock(), DenseBlock()],
            image: ImageShape(height: 4, width: 10, channels: 2), classes: 4),
        network(MaximumPoolBlock(), DenseBlock(outputs: 6), BatchNormalizationBlock(), ActivationBlock(.silu)),
    ])
    func matchesFiniteDifferences(_ architecture: Architecture) throws {
        let task = try SmallTask(architecture)
        try task.backward()
        let store = task.network.parameters
        let gradients = store.gradients.values
        var stream = RandomStream(seed: 77, purpose: .shuffle)
        for parameter in store.table.parameters {
            let direction = parameter.range.map { gradients[$0] + 0.02 * stream.normal() }
            let norm = direction.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            let step = 1e-3 / norm
            let start = store.values.slice(parameter.range).values
            func loss(_ sign: Double) throws -> Double {
                for (offset, element) in parameter.range.enumerated() {
                    store.values.pointer[element] = start[offset] + Float(sign * step * Double(direction[offset]))
                }
                defer { store.values.slice(parameter.range).copy(from: Tensor([start.count], values: start)) }
                return try task.loss()
            }
            let measured = (try loss(1) - loss(-1)) / (2 * step)
            let expected = zip(parameter.range, direction).reduce(0.0) { $0 + Double(gradients[$1.0]) * Double($1.1) }
            let scale = max(abs(expected), 1e-3 * norm)
            #expect(
                abs(measured - expected) < 0.02 * scale + 1e-3 * norm,
                "\(parameter.name): \(measured) against \(expected)")
        }
    }

    // Guards: the exchange may start as soon as a range is announced: ranges come from the end of the flat block to its
    // start without gap or overlap.
    @Test func readyRangesCoverTheBlockBackwards() throws {
        let task = try SmallTask(architecture(.max))
        let ready = try task.backward()
        #expect(ready.first?.upperBound == task.network.parameters.table.blockCount)
        #expect(ready.last?.lowerBound == 0)
        for (later, earlier) in zip(ready, ready.dropFirst()) { #expect(earlier.upperBound == later.lowerBound) }
    }

    // Guards: the sum over granules is the sum over samples, whatever the number of granules.
    @Test(arguments: [1, 2, 3, 5, 8])
    func gradientDoesNotDependOnGranulesBeyondRounding(_ granules: Int) throws {
        let reference = try SmallTask(architecture(.max), granules: 4)
        let other = try SmallTask(architecture(.max), granules: granules)
        try reference.backward()
        try other.backward()
        let (a, b) = (reference.network.parameters.gradients.values, other.network.parameters.gradients.values)
        let difference = zip(a, b).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }.squareRoot()
        let norm = a.reduce(0.0) { $0 + Double($1 * $1) }.squareRoot()
        #expect(difference < 1e-5 * norm)
    }
}
