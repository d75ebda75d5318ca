import Granules
import Layers
import Tensors
import Testing

@Suite("The network is the article's")
struct NetworkTests {
    // Guards: the architecture, counted: the article's three totals.
    @Test func countsTheArticlesParameters() throws {
        let network = try Network(.article, maximumImages: 1)
        #expect(network.parameters.table.elementCount == 1_924_752)
        #expect(network.statisticsTable.elementCount == 2_182)
        let convolutions = network.parameters.table.parameters.filter { $0.name.contains(".conv.") }
        let perUnit = stride(from: 0, to: 18, by: 2).map {
            convolutions[$0].shape.count + convolutions[$0 + 1].shape.count
        }
        #expect(perUnit == [1792, 36928, 36928, 73856, 147584, 147584, 295168, 590080, 590080])
    }

    // Guards: the image side after each kind of pooling, and that strided pooling adds its units to the numbering.
    @Test(arguments: StagedNetwork.PoolingKind.allCases)
    func everyPoolingHalvesTheImage(_ pooling: StagedNetwork.PoolingKind) throws {
        var architecture = Architecture.article
        architecture.staged?.pooling = pooling
        let network = try Network(architecture, maximumImages: 1)
        let average = network.layers[network.layers.count - 2]
        #expect(network.layers[network.layers.count - 3].outputShape == [8, 8, 256])
        #expect(average.outputShape == [1, 1, 256])
        let hasStridedUnits = network.parameters.table["units.10.conv.weight"] != nil
        #expect(hasStridedUnits == (pooling == .strided))
    }

    // Guards: impossible networks end in a sentence that names the stage.
    @Test(arguments: [
        ("8x1,8x1,8x1,8x1,8x1,8x1,8x1", "Stage 7"), ("0x3", "Stage 1"), ("64x0", "Stage 1"), ("99999x1", "Stage 1"),
    ])
    func impossibleStagesAreSentences(_ stages: String, _ named: String) throws {
        let staged = StagedNetwork(stages: try StagedNetwork.parseStages(stages))
        #expect { try staged.validate(for: Architecture.article.image) } throws: { "\($0)".contains(named) }
    }

    // Guards: text that is no list of stages.
    @Test(arguments: ["", "64", "64x", "x3", "64x3,", "64x3x2", "a3", "64×3", "-1x3x", "9999999999999999999x1"])
    func unreadableStagesAreSentences(_ text: String) {
        #expect(throws: ArchitectureError.self) { try StagedNetwork.parseStages(text) }
    }

    // Guards: a dropout of one would divide by zero.
    @Test(arguments: [-0.1, 1, 2, Double.nan])
    func impossibleDropoutIsASentence(_ dropout: Double) {
        let architecture = Architecture(StagedNetwork(stages: [.init(width: 8, units: 1)], dropout: dropout))
        #expect(throws: ArchitectureError.self) { try architecture.validate() }
    }

    // Guards: inference drops nothing and uses the running statistics, so an image's logits do not depend on its batch.
    @Test func inferenceTreatsImagesAlone() throws {
        let task = try SmallTask(Architecture(StagedNetwork(stages: [.init(width: 8, units: 2)], dropout: 0.5)))
        let together = task.network.infer(task.images).values
        for image in 0..<6 {
            let size = 32 * 32 * 3
            let one = Tensor([1, 32, 32, 3], values: task.images.slice(image * size..<(image + 1) * size).values)
            let alone = task.network.infer(one).values
            #expect(alone.elementsEqual(together[image * 10..<(image + 1) * 10]))
        }
    }

    // Guards: the dropout rate and its scaling: the mean is kept, about the right share is dropped, and the mask of a
    // sample is the same wherever the sample lies.
    @Test func dropoutIsDrawnBySample() throws {
        var architecture = Architecture(StagedNetwork(stages: [.init(width: 4, units: 1)], dropout: 0.25))
        architecture.image = ImageShape(height: 16, width: 16, channels: 3)
        let network = try Network(architecture, maximumImages: 4)
        let dropout = network.layers.first { $0.name == "dropout" }!
        let ones = Tensor([4, 16, 16, 4])
        ones.fill(1)
        func output(_ indices: [Int], epoch: Int) throws -> [Float] {
            let plan = GranulePlan(sampleCount: indices.count, granuleCount: 1, rankCount: 1)
            let pass = TrainingContext(
                network, plan: plan, rank: 0, seed: 1, epoch: epoch, sampleIndices: indices,
                statistics: SingleRankStatistics())
            return try dropout.forward(Activations(ones), pass).tensor.values
        }
        let values = try output([7, 8, 9, 10], epoch: 0)
        #expect(Set(values) == [0, Float(4.0 / 3)])
        #expect(abs(values.filter { $0 == 0 }.count - 1024) < 120)
        #expect(try output([10], epoch: 0).elementsEqual(values[3 * 1024..<4 * 1024]))
        #expect(try !output([10], epoch: 1).elementsEqual(values[3 * 1024..<4 * 1024]))
    }
}
