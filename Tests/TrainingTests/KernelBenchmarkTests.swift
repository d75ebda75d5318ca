import Reports
import Collectives
import Datasets
import Kernels
import Layers
import Measurements
import Testing
import Training

@Suite("The benchmark of kernels measures a real step")
struct KernelBenchmarkTests {
    // Guards: whoever watches a step is told every part of it in the order of the work: layers forward, loss, layers
    // backward with the exchange of each one's gradients behind it, update.
    @Test func partsAreEnteredInTheOrderOfTheWork() throws {
        let plan = SmallRun.plan()
        let communicator = SoloCommunicator()
        let trainer = try Trainer(plan, communicator: communicator, stepsPerEpoch: 1)
        let record = StepRecord()
        trainer.observer = record
        _ = try trainer.step(.random(plan, communicator: communicator), at: 0)
        let names = trainer.network.layers.map(\.name)
        let backward = trainer.network.layers.reversed().flatMap { layer -> [StepPart] in
            [.layer(layer.name, .backward)] + (layer.parameters.isEmpty ? [] : [.exchange])
        }
        let forward = names.map { StepPart.layer($0, .forward) }
        #expect(record.parts == [.exchange] + forward + [.loss] + backward + [.exchange, .update, .exchange])
    }

    private final class StepRecord: StepObserver {
        var parts: [StepPart] = []

        func enters(_ part: StepPart) { parts.append(part) }
    }

    // Guards: the parts of a step follow each other without gaps, so that their shares are shares of the step.
    @Test func partsAddUpToTheStep() throws {
        let plan = SmallRun.plan()
        let communicator = SoloCommunicator()
        let trainer = try Trainer(plan, communicator: communicator, stepsPerEpoch: 2)
        let batch = try Batch.random(plan, communicator: communicator)
        let stepClock = StepClock(watching: trainer)
        let parts = StepClock.parts(of: trainer.network)
        let clock = ContinuousClock()
        let gaps = try (0..<5).map { _ in
            let elapsed =
                try clock.measure { _ = try stepClock.measure { try trainer.step(batch, at: 0) } } / .seconds(1)
            #expect(Set(stepClock.seconds.keys) == Set(parts) && stepClock.seconds.values.allSatisfy { $0 >= 0 })
            return elapsed - stepClock.seconds.values.reduce(0, +)
        }
        // Nothing outside the parts but entering and leaving the function, unless another process came in between.
        let smallest = try #require(gaps.min())
        #expect(smallest >= 0 && smallest < 1e-4)
    }

    // Guards: names, order and operations of a report, by hand for 24 images: unit 1 has 16 inputs and 32 outputs at
    // 16 × 16 positions, the classifier 32 inputs and 10 outputs.
    @Test func reportNamesEveryPart() throws {
        let plan = SmallRun.plan { $0.convolution = .im2col }
        let report = try KernelBenchmark(plan, warmupSteps: 1, repeats: 2).run()
        #expect(report.images == 24)
        let layers = ["units.0", "pool.0", "units.1", "dropout", "average", "classifier"]
        let names = layers.flatMap { [$0, $0] } + ["loss", "exchange", "optimizer"]
        #expect(report.timings.map(\.layer) == names)
        #expect(report.timings.prefix(4).map(\.pass) == [.forward, .backward, .forward, .backward])
        #expect(report.timings.suffix(3).map(\.pass) == [.rest, .rest, .rest])
        let unit = report.timings[4...5]
        #expect(unit.map(\.algorithm) == ["im2col", "im2col"])
        let positions = 24 * 16 * 16
        let forward = positions * 9 * 16 * 32 * 2
        #expect(unit.map(\.operations) == [forward, 2 * forward])
        #expect(unit.map(\.directOperations) == [forward, 2 * forward])
        let dense = 24 * 32 * 10 * 2
        #expect(report.timings[10...11].map(\.operations) == [dense, 2 * dense])
        #expect(report.timings[2...3].map(\.operations) == [0, 0])
        #expect(report.timings.last?.work == "adam")
    }

    // Guards: what hides a sum over ranks is a part of the pass that takes it, and only layers that normalise have any.
    @Test func coverIsPartOfItsPass() throws {
        let report = try KernelBenchmark(SmallRun.plan(), warmupSteps: 1, repeats: 3).run()
        for timing in report.timings {
            #expect(timing.coverSeconds <= timing.seconds, "\(timing.layer)")
            #expect((timing.coverSeconds > 0) == timing.layer.hasPrefix("units."), "\(timing.layer)")
        }
    }

    // Guards: the totals are sums of the parts, and the figures to divide by are positive.
    @Test func totalsAreSums() throws {
        let report = try KernelBenchmark(SmallRun.plan(), warmupSteps: 0, repeats: 3).run()
        let passes = KernelPass.allCases.map { report.total(of: $0) }
        let step = report.total(of: nil)
        #expect(abs(passes.reduce(0) { $0 + $1.seconds } - report.totalSeconds) < 1e-9)
        #expect(abs(step.seconds - report.totalSeconds) < 1e-9)
        #expect(passes.reduce(0) { $0 + $1.operations } == step.operations)
        #expect(passes[0].operations * 2 == passes[1].operations)
        #expect(report.peak > 0 && report.peak.isFinite && report.stepSeconds > 0 && report.stepSeconds.isFinite)
    }

    // Guards: the table that tests and benchmark share holds every convolution of the article's network, and nothing
    // else under its name.
    @Test func tableHoldsTheArticlesConvolutions() throws {
        let network = try Network(.article, maximumImages: 1)
        let problems = LayerProducts.all(of: network, convolution: .automatic).compactMap(\.problem)
        #expect(problems.count == 9)
        #expect(Set(problems) == Set(NamedConvolution.article.map(\.problem)))
    }

    // Guards: geometry read off a strided unit, and that only the article's first unit goes without Winograd.
    @Test func productsAreReadOffTheLayers() throws {
        var architecture = Architecture.article
        architecture.staged?.pooling = .strided
        let strided = try Network(architecture, maximumImages: 1)
        let products = LayerProducts.all(of: strided, convolution: .automatic)
        let problem = ConvolutionProblem(height: 32, width: 32, inputs: 64, outputs: 64, stride: 2)
        #expect(products[3].problem == problem && products[3].algorithm == "im2col")
        #expect(products[0].algorithm == "im2col" && products[1].algorithm == "winograd")
        let last = try #require(products.last)
        #expect(last.work == "256→10" && last.algorithm == "dense")
        #expect(products.filter { $0.algorithm == nil }.allSatisfy { $0.arithmetic == .none })
    }

    // Guards: the middle value, of an even number of values too.
    @Test func medians() {
        #expect([3.0, 1, 2].median == 2)
        #expect([4.0, 1, 2, 3].median == 2.5)
        #expect([7.0].median == 7)
        #expect([Double]().median.isNaN)
    }
}
