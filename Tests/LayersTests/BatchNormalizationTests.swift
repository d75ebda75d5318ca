import Granules
import Kernels
import Layers
import Tensors
import Testing

@Suite("Batch normalisation")
struct BatchNormalizationTests {
    /// A network of one unit whose input is given, to look at its running statistics.
    private func runningStatistics(ofInput values: [Float], images: Int) throws -> (mean: [Float], variance: [Float]) {
        var architecture = Architecture(StagedNetwork(stages: [.init(width: 8, units: 1)]))
        architecture.image = ImageShape(height: 4, width: 4, channels: 3)
        let network = try Network(architecture, maximumImages: images, granuleCount: 4)
        network.initialize(seed: 1)
        let plan = GranulePlan(sampleCount: images, granuleCount: 4, rankCount: 1)
        let pass = TrainingContext(
            network, plan: plan, rank: 0, seed: 1, epoch: 0, sampleIndices: Array(0..<images),
            statistics: SingleRankStatistics())
        _ = try network.forward(Tensor([images, 4, 4, 3], values: values), pass)
        let table = network.statisticsTable
        func statistic(_ name: String) -> [Float] { table[name]!.exported(from: network.statistics) }
        return (statistic("units.0.bn.running_mean"), statistic("units.0.bn.running_var"))
    }

    // Guards: a unit starts its backward sums before the last weight gradient, which hides their exchange; what travels is
    // looked at before each granule's weight gradient, once for a run of images, and once behind it. With two workers, of
    // which one looks, the sums are complete only behind all of them.
    @Test("starts backward's sums before the last weight gradient", arguments: [1, 2], ConvolutionChoice.allCases)
    func sumsStartEarly(workers: Int, convolution: ConvolutionChoice) throws {
        var architecture = Architecture(StagedNetwork(stages: [.init(width: 16, units: 2)]))
        architecture.image = ImageShape(height: 8, width: 8, channels: 3)
        let network = try Network(
            architecture, maximumImages: 6, granuleCount: 4, workers: workers, convolution: convolution)
        network.initialize(seed: 1)
        let statistics = RecordedStatistics()
        let pass = TrainingContext(
            network, plan: GranulePlan(sampleCount: 6, granuleCount: 4, rankCount: 1), rank: 0, seed: 1, epoch: 0,
            sampleIndices: Array(0..<6), statistics: statistics,
            progress: { statistics.events.append("look") })
        let logits = try network.forward(Tensor([6, 8, 8, 3]), pass)
        #expect(statistics.events == ["start", "finish", "start", "finish"])
        statistics.events = []
        try network.backward(from: logits, pass) { _ in }
        let (granules, images) = (4 / workers, 6 / workers)
        // The classifier comes first, without batch norm.
        #expect(statistics.events.prefix(granules) == Array(repeating: "look", count: granules)[...])
        let units = statistics.events.dropFirst(granules).split(separator: "finish")
        #expect(units.count == 2 && statistics.events.last == "finish")
        for unit in units {
            let parts = unit.split(separator: "start", omittingEmptySubsequences: false).map(\.count)
            // The last run of images has its look before the last weight gradient, too, but behind the start.
            let behindStart = workers == 1 ? 2 : 0
            #expect(parts.count == 2 && parts[1] == behindStart)
            // A run is an image or more.
            #expect(2 * granules...images + granules ~= parts.reduce(0, +))
        }
    }

    // Guards: a rank whose granules hold no image starts each sum once, as all others do.
    @Test("starts each sum once without images", arguments: [1, 2], ConvolutionChoice.allCases)
    func sumsWithoutImages(workers: Int, convolution: ConvolutionChoice) throws {
        var architecture = Architecture(StagedNetwork(stages: [.init(width: 16, units: 2)]))
        architecture.image = ImageShape(height: 8, width: 8, channels: 3)
        let plan = GranulePlan(sampleCount: 2, granuleCount: 8, rankCount: 4)
        let subtrees = plan.subtrees(ofRank: 0)
        #expect(plan.samples(ofRank: 0).isEmpty && plan.granules(ofRank: 0).count == 2)
        let network = try Network(
            architecture, maximumImages: 1, granuleCount: 8, subtreeCount: subtrees.count, workers: workers,
            convolution: convolution)
        network.initialize(seed: 1)
        let statistics = RecordedStatistics()
        let pass = TrainingContext(
            network, plan: plan, rank: 0, seed: 1, epoch: 0, sampleIndices: [], statistics: statistics)
        let logits = try network.forward(Tensor([0, 8, 8, 3]), pass)
        try network.backward(from: logits, pass) { _ in }
        #expect(statistics.events == Array(repeating: ["start", "finish"], count: 4).flatMap { $0 })
    }

    // Guards: a unit's backward computes with the weights of its step, whoever transformed them.
    @Test("gives the same gradients again after the weights have moved there and back", arguments: [1, 2], [1, 3])
    func preparedWeightsAreFresh(workers: Int, units: Int) throws {
        var architecture = Architecture(StagedNetwork(stages: [.init(width: 16, units: units)]))
        architecture.image = ImageShape(height: 8, width: 8, channels: 3)
        let network = try Network(architecture, maximumImages: 6, granuleCount: 4, workers: workers)
        network.initialize(seed: 1)
        var stream = RandomStream(seed: 8, purpose: .synthetic)
        let images = Tensor([6, 8, 8, 3], values: (0..<6 * 192).map { _ in stream.normal() })
        let weights = network.parameters.values
        func gradients() throws -> [Float] {
            let pass = TrainingContext(
                network, plan: GranulePlan(sampleCount: 6, granuleCount: 4, rankCount: 1), rank: 0, seed: 1, epoch: 0,
                sampleIndices: Array(0..<6), statistics: SingleRankStatistics())
            try network.backward(from: try network.forward(images, pass), pass) { _ in }
            return network.parameters.gradients.values
        }
        func scaleWeights(by factor: Float) {
            for index in 0..<weights.count { weights.pointer[index] *= factor }
        }
        let first = try gradients()
        scaleWeights(by: 2)
        #expect(try gradients() != first)
        scaleWeights(by: 0.5)
        #expect(try gradients() == first)
    }

    // Guards: statistics of inputs with a large mean keep their digits, which E[x²] − E[x]² in Float would lose.
    @Test(arguments: [Float(0), 100, 4000])
    func varianceSurvivesALargeMean(_ offset: Float) throws {
        let images = 10
        var stream = RandomStream(seed: 8, purpose: .synthetic)
        let values = (0..<images * 48).map { _ in offset + stream.normal() }
        let (mean, variance) = try runningStatistics(ofInput: values, images: images)
        for c in 0..<3 {
            let channel = stride(from: c, to: values.count, by: 3).map { Double(values[$0]) }
            let expectedMean = channel.reduce(0, +) / Double(channel.count)
            let expected = channel.reduce(0) { $0 + ($1 - expectedMean) * ($1 - expectedMean) } / Double(channel.count)
            #expect(abs(Double(mean[c]) - 0.01 * expectedMean) < 1e-5 * max(1, abs(expectedMean)))
            #expect(abs(Double(variance[c]) - (0.99 + 0.01 * expected)) < 1e-5)
        }
    }
}
