import Foundation
import Layers
import Tensors
import Testing

@Suite("A network is data")
struct BlockTests {
    /// One of each kind, with settings that are not the defaults.
    private static let everything = Architecture(
        [
            ConvolutionBlock(width: 6, kernel: 5, stride: 2, padding: 1, bias: false, name: "stem"),
            BatchNormalizationBlock(rectifies: true), UnitBlock(width: 8, stride: 2),
            ResidualBlock(
                [GroupNormalizationBlock(groups: 2), ActivationBlock(.gelu), ConvolutionBlock(width: 4)],
                shortcut: [ConvolutionBlock(width: 4, kernel: 1)]),
            MaximumPoolBlock(), AveragePoolBlock(window: 2), DropoutBlock(rate: 0.25), DenseBlock(outputs: 5),
            DenseBlock(),
        ], image: ImageShape(height: 33, width: 33, channels: 2), classes: 7,
        parameterRules: [ParameterRule(role: .bias, rateFactor: 64), ParameterRule(prefix: "stem.", trainableUntil: 3)])

    private func json(_ architecture: Architecture) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(architecture)
    }

    // Guards: what a checkpoint holds is the whole network: it reads back equal, and so do the article's variants.
    @Test(arguments: [everything, .article] + StagedNetwork.PoolingKind.allCases.map(strided))
    func readsBackEqual(_ architecture: Architecture) throws {
        #expect(try Architecture(json: json(architecture)) == architecture)
        #expect(throws: Never.self) { try architecture.validate() }
    }

    private static func strided(_ pooling: StagedNetwork.PoolingKind) -> Architecture {
        Architecture(
            StagedNetwork(
                stages: [.init(width: 4, units: 2), .init(width: 5, units: 1)], pooling: pooling, finalActivation: true)
        )
    }

    // Guards: a file may leave out what has a default, and the images and classes, which follow the data.
    @Test func defaultsMayBeLeftOut() throws {
        let text = """
            {"blocks": [{"block": "convolution", "width": 8}, {"block": "batch-normalization"}, {"block": "activation",
            "function": "silu"}, {"block": "residual", "branch": [{"block": "unit", "width": 8}]},
            {"block": "average-pool"}, {"block": "dense"}]}
            """
        let expected = Architecture([
            ConvolutionBlock(width: 8), BatchNormalizationBlock(), ActivationBlock(.silu),
            ResidualBlock([UnitBlock(width: 8)]), AveragePoolBlock(), DenseBlock(),
        ])
        #expect(try Architecture(json: text.utf8) == expected)
    }

    // Guards: a mistake in a file is a sentence that names the block and what to write.
    @Test(arguments: [
        (#"{"blocks": [{"block": "unit", "width": 8}, {"block": "swish"}]}"#, "Block 2 is a 'swish'"),
        (#"{"blocks": [{"block": "unit"}]}"#, "Block 1, a unit, needs 'width'"),
        (#"{"blocks": [{"block": "unit", "width": "wide"}]}"#, "has a 'width' that cannot be read"),
        (#"{"blocks": [{"block": "unit", "width": 8, "strid": 2}]}"#, "has no setting 'strid'; it has width, stride"),
        (#"{"blocks": [{"block": "residual", "branch": [{"block": "unit"}]}]}"#, "Block 1.1, a unit"),
        (#"{"blocks": [7]}"#, "Block 1 is no object"), (#"{"blocks": 7}"#, "'blocks' that cannot be read"),
        ("", "cannot be read"), ("[]", "cannot be read"), ("{}", "needs 'blocks'"),
    ])
    func mistakesAreSentences(_ text: String, _ part: String) {
        #expect { try Architecture(json: text.utf8) } throws: { error in
            let sentence = "\((error as? ArchitectureError)?.description ?? "")"
            #expect(sentence.contains(part))
            return sentence.contains(part) && sentence.hasSuffix(".")
        }
    }

    // Guards: blocks that do not fit together end in a sentence, never in a buffer of the wrong size.
    @Test(
        arguments: [
            ([], "no blocks"), ([UnitBlock(width: 8)], "not one for each of 10 classes"),
            ([UnitBlock(width: 0), DenseBlock()], "0 channels"), ([AveragePoolBlock(window: 3), DenseBlock()], "3×3"),
            ([ConvolutionBlock(width: 4, kernel: 33, padding: 0), DenseBlock()], "does not fit"),
            ([ConvolutionBlock(width: 4, kernel: 3, padding: 3), DenseBlock()], "less than the kernel"),
            ([GroupNormalizationBlock(groups: 2), DenseBlock()], "3 channels cannot be divided into 2"),
            ([DropoutBlock(rate: 1), DenseBlock()], "dropout of 1.0"), ([DenseBlock(outputs: 0)], "0 outputs"),
            ([ResidualBlock([UnitBlock(width: 8)]), DenseBlock()], "cannot add 32×32×8"),
            ([UnitBlock(width: 4, name: "a"), UnitBlock(width: 4, name: "a"), DenseBlock()], "called 'a'"),
            ([UnitBlock(width: 4), UnitBlock(width: 4, name: "units.0"), DenseBlock()], "called 'units.0'"),
        ] as [(BlockList, String)])
    func misfitsAreSentences(_ blocks: BlockList, _ part: String) {
        #expect { try Network(Architecture(blocks), maximumImages: 1) } throws: { error in
            (error as? ArchitectureError)?.description.contains(part) == true
        }
    }

    // Guards: options that change a network of stages find its stages again in the blocks, and nothing else is taken for
    // one.
    @Test func stagesAreRecognized() throws {
        for pooling in StagedNetwork.PoolingKind.allCases {
            let staged = StagedNetwork(
                stages: [.init(width: 4, units: 2), .init(width: 5, units: 1)], pooling: pooling, dropout: 0.3,
                finalActivation: pooling == .max)
            #expect(StagedNetwork(staged.blocks) == staged)
        }
        #expect(StagedNetwork(Self.everything.blocks) == nil)
        #expect(StagedNetwork([UnitBlock(width: 8), DenseBlock()]) == nil)
    }

    // Guards: rules reach the parameters they are meant for, the later one over the earlier, and no others.
    @Test func rulesReachTheirParameters() throws {
        var architecture = Self.everything
        architecture.parameterRules.append(
            ParameterRule(role: .bias, prefix: "dense.1", weightDecay: 0.1, trainableFrom: 2))
        let table = try Network(architecture, maximumImages: 1).parameters.table
        #expect(table["stem.weight"]?.settings == ParameterSettings(trainedSteps: 0..<3))
        #expect(table["dense.0.bias"]?.settings == ParameterSettings(rateFactor: 64))
        let last = ParameterSettings(rateFactor: 64, weightDecay: 0.1, trainedSteps: 2..<Int.max)
        #expect(table["dense.1.bias"]?.settings == last)
        #expect(table["dense.1.weight"]?.settings == ParameterSettings())
    }

    // Guards: a rule that cannot be is a sentence.
    @Test(arguments: [
        ParameterRule(rateFactor: -1), ParameterRule(weightDecay: .nan), ParameterRule(trainableFrom: -1),
    ])
    func impossibleRulesAreSentences(_ rule: ParameterRule) {
        var architecture = Self.everything
        architecture.parameterRules = [rule]
        #expect(throws: ArchitectureError.self) { try architecture.validate() }
    }

    // Guards: names of parameters are those of the blocks' groups in their order, whatever holds the blocks.
    @Test func parametersAreNamedByGroups() throws {
        let network = try Network(Self.everything, maximumImages: 1)
        let names = network.parameters.table.parameters.map(\.name)
        #expect(
            names == [
                "stem.weight", "normalizations.0.weight", "normalizations.0.bias", "units.0.bn.weight",
                "units.0.bn.bias", "units.0.conv.weight", "units.0.conv.bias", "normalizations.1.weight",
                "normalizations.1.bias", "convolutions.0.weight", "convolutions.0.bias", "convolutions.1.weight",
                "convolutions.1.bias", "dense.0.weight", "dense.0.bias", "dense.1.weight", "dense.1.bias",
            ])
    }
}

/// A block that Lockstep does not have: every value times a factor.
private struct FactorBlock: Block {
    static let kind = "factor"
    var factor: Float
    var name: String?

    func outputShape(of input: ImageShape, classes: Int) -> ImageShape { input }

    func makeLayers(_ builder: inout LayerBuilder) throws -> [any Layer] {
        [try FactorLayer(name: builder.name(self, group: "factors"), factor, &builder)]
    }
}

private final class FactorLayer: Layer {
    let name: String
    let kind = "Factor"
    let outputShape: Shape
    private let factor: Float
    private let output: Tensor

    init(name: String, _ factor: Float, _ builder: inout LayerBuilder) throws {
        self.name = name
        self.factor = factor
        outputShape = builder.input.shape
        output = try builder.output(outputShape)
    }

    func infer(_ input: Activations, _ context: InferenceContext) -> Activations {
        context.forEachShare { images in
            for element in images.lowerBound * outputShape.count..<images.upperBound * outputShape.count {
                output.pointer[element] = factor * input.tensor.pointer[element]
            }
        }
        return Activations(output.first(context.images))
    }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) -> Gradient {
        let inputGradient = context.memory.inputGradient(context.images, outputShape, besides: outputGradient)
        context.forEachShare { images in
            let gradient = outputGradient.completed(images, shape: outputShape)
            let first = images.lowerBound * outputShape.count
            for element in 0..<images.count * outputShape.count {
                inputGradient.pointer[first + element] = factor * gradient[element]
            }
        }
        return Gradient(inputGradient)
    }
}

@Suite("A block of one's own")
struct OwnBlockTests {
    private let architecture = Architecture(
        [UnitBlock(width: 4), FactorBlock(factor: 2), UnitBlock(width: 4), AveragePoolBlock(), DenseBlock()],
        image: ImageShape(height: 8, width: 8, channels: 3), classes: 4)

    // Guards: files and checkpoints may name blocks that whoever reads them has.
    @Test func isReadByItsCatalogue() throws {
        let json = try JSONEncoder().encode(architecture)
        #expect(try Architecture(json: json, blocks: .standard.adding(FactorBlock.self)) == architecture)
        #expect { try Architecture(json: json) } throws: { "\($0)".contains("'factor', which there is not") }
    }

    // Guards: a layer of one's own works between layers that pass unfinished gradients and sums along: batch
    // normalisation takes a factor out again, so that the network computes what it does without.
    @Test func worksBetweenOthers() throws {
        var without = architecture
        without.blocks.blocks.remove(at: 1)
        let (own, plain) = try (SmallTask(architecture), SmallTask(without))
        #expect(abs(try own.loss() - plain.loss()) < 1e-3)
        try own.backward()
        try plain.backward()
        let (a, b) = (own.network.parameters.gradients.values, plain.network.parameters.gradients.values)
        let difference = zip(a, b).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }.squareRoot()
        #expect(difference < 0.01 * b.reduce(0.0) { $0 + Double($1 * $1) }.squareRoot())
    }
}
