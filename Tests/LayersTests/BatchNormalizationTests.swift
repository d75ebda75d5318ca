import Layers
import Tensors
import Testing

@Suite("Batch normalisation")
struct BatchNormalizationTests {
    /// A network of one unit whose input is given, to look at its running statistics.
    private func runningStatistics(ofInput values: [Float], images: Int) throws -> (mean: [Float], variance: [Float]) {
        var architecture = Architecture(stages: [.init(width: 8, units: 1)])
        architecture.imageSide = 4
        let network = try Network(architecture, maximumImages: images, granuleCount: 4)
        network.initialize(seed: 1)
        let plan = GranulePlan(sampleCount: images, granuleCount: 4, rankCount: 1)
        let pass = Pass(
            training: plan, rank: 0, seed: 1, epoch: 0, sampleIndices: Array(0..<images),
            statistics: SingleRankStatistics())
        _ = try network.forward(Tensor([images, 4, 4, 3], values: values), pass)
        let table = network.statisticsTable
        func statistic(_ name: String) -> [Float] { table[name]!.exported(from: network.statistics) }
        return (statistic("units.0.bn.running_mean"), statistic("units.0.bn.running_var"))
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
