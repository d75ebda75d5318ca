import Checkpoints
import Datasets
import Kernels
import Layers
import Reports
import Testing
import Training

@Suite("The number of ranks changes nothing")
struct RankIndependenceTests {
    // Guards the first promise, in one process: augmentation, dropout, synchronized batch norm, a short last batch,
    // uneven shares; weights, running statistics, optimiser state and position, byte for byte.
    @Test(arguments: [2, 3, 5, 8])
    func weightsAreTheSameToTheLastBit(ranks: Int) throws {
        let run = try SmallRun()
        let plan = SmallRun.plan()
        try run.train(plan, run.options("one"), ranks: 1)
        try run.train(plan, run.options("many"), ranks: ranks)
        let (one, many) = (try run.newest(run.options("one")), try run.newest(run.options("many")))
        #expect(one.metadata == many.metadata)
        #expect(one.tensors == many.tensors)
    }

    // Guards the first promise over time: after 30 steps of ten epochs the SHA-256 of weights, optimiser state and running
    // statistics is the same on every number of ranks up to 8, the odd ones included, with one thread and with two.
    @Test(arguments: [1, 2, 3, 4, 5, 7, 8], [1, 2])
    func thirtyStepsLater(ranks: Int, threads: Int) throws {
        let run = try SmallRun()
        let plan = SmallRun.plan { $0.epochs = 10 }
        try run.train(plan, run.options("one"), ranks: 1)
        try run.train(plan, run.options("many") { $0.threads = threads }, ranks: ranks)
        let (one, many) = (try run.newest(run.options("one")), try run.newest(run.options("many")))
        #expect(one.metadata[CheckpointKey.step] == "30")
        #expect(one.metadata[CheckpointKey.digest] != nil && one.metadata == many.metadata)
        #expect(one.tensors == many.tensors)
    }

    // Guards the same for threads within ranks: workers sum their own subtrees, and the rest of the tree together.
    @Test(arguments: [(1, 2), (1, 3), (1, 5), (3, 2), (2, 8)])
    func threadsChangeNothing(ranks: Int, threads: Int) throws {
        let run = try SmallRun()
        let plan = SmallRun.plan()
        try run.train(plan, run.options("one"), ranks: 1)
        try run.train(plan, run.options("many") { $0.threads = threads }, ranks: ranks)
        let (one, many) = (try run.newest(run.options("one")), try run.newest(run.options("many")))
        #expect(one.metadata == many.metadata)
        #expect(one.tensors == many.tensors)
    }

    // Guards the first promise for blocks besides the article's: residuals with and without a shortcut, group
    // normalisation, smooth activations, plain convolutions; ranks and threads, half of the run after a resume.
    @Test(arguments: [(1, 1), (2, 1), (3, 1), (5, 1), (3, 2), (1, 5)])
    func blocksKeepTheBits(ranks: Int, threads: Int) throws {
        let run = try SmallRun()
        let plan = SmallRun.plan {
            $0.architecture.blocks = [
                ConvolutionBlock(width: 8, kernel: 2, stride: 2, padding: 0, bias: false), ActivationBlock(.gelu),
                ResidualBlock([UnitBlock(width: 8)]), GroupNormalizationBlock(groups: 2),
                ResidualBlock(
                    [ActivationBlock(.silu), UnitBlock(width: 12, stride: 2)],
                    shortcut: [ConvolutionBlock(width: 12, kernel: 1, stride: 2)]),
                BatchNormalizationBlock(rectifies: true), AveragePoolBlock(), DenseBlock(),
            ]
        }
        try run.train(plan, run.options("one"), ranks: 1)
        try run.train(plan, run.options("many") { $0.maxSteps = 3 }, ranks: 2)
        let resumed = run.options("many") {
            $0.resume = true
            $0.threads = threads
        }
        try run.train(plan, resumed, ranks: ranks)
        let (one, many) = (try run.newest(run.options("one")), try run.newest(run.options("many")))
        #expect(one.metadata == many.metadata)
        #expect(one.tensors == many.tensors)
    }

    // Guards the guard: with each rank normalising by its own images the weights must differ, or the comparison above
    // could not fail. Two ranks stay identical to each other all the same.
    @Test func localBatchNormDiffers() throws {
        let run = try SmallRun()
        let plan = SmallRun.plan { $0.normalization = .local }
        try run.train(plan, run.options("one"), ranks: 1)
        try run.train(plan, run.options("two"), ranks: 2)
        let (one, two) = (try run.newest(run.options("one")), try run.newest(run.options("two")))
        #expect(one["units.0.conv.weight"] != two["units.0.conv.weight"])
        #expect(two["units.1.bn.running_var"]!.values.allSatisfy { $0 > 0 && $0.isFinite })
    }

    // Guards the first promise with gradients of 16 bits: sums are rounded wherever the tree may be cut, so ranks and
    // threads change nothing; and they are rounded, or this would compare nothing.
    @Test(arguments: [GradientCompression.bf16, .fp16], [(2, 1), (3, 1), (5, 1), (3, 2), (1, 5)])
    func compressionKeepsTheBits(compression: GradientCompression, place: (ranks: Int, threads: Int)) throws {
        let run = try SmallRun()
        let plan = SmallRun.plan { $0.gradientCompression = compression }
        try run.train(plan, run.options("one"), ranks: 1)
        try run.train(plan, run.options("many") { $0.threads = place.threads }, ranks: place.ranks)
        try run.train(SmallRun.plan(), run.options("single"), ranks: 1)
        let (one, many) = (try run.newest(run.options("one")), try run.newest(run.options("many")))
        #expect(one.tensors == many.tensors)
        let single = try run.newest(run.options("single"))
        #expect(one.tensors != single.tensors)
    }

    // Guards: the fast reduction computes the same mathematics.
    @Test(arguments: [2, 3])
    func fastReductionIsClose(ranks: Int) throws {
        let run = try SmallRun()
        try run.train(SmallRun.plan { $0.epochs = 1 }, run.options("ordered"), ranks: 1)
        let fast = SmallRun.plan {
            $0.epochs = 1
            $0.reduction = .fast
        }
        try run.train(fast, run.options("fast"), ranks: ranks)
        let a = try run.newest(run.options("ordered"))["classifier.weight"]!.values
        let b = try run.newest(run.options("fast"))["classifier.weight"]!.values
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    // Guards: evaluation counts every test image exactly once, whatever the ranks: 37 images, uneven shares.
    @Test(arguments: [1, 2, 3, 5])
    func evaluationCountsEveryImageOnce(ranks: Int) throws {
        let run = try SmallRun()
        let plan = SmallRun.plan { $0.epochs = 1 }
        try run.train(plan, run.options("run"), ranks: ranks)
        let epoch = try #require(run.metrics(run.options("run")).compactMap(\.epochMetrics).first)
        let accuracy = try #require(epoch.validationAccuracy)
        let right = (accuracy * 37).rounded()
        #expect(abs(accuracy * 37 - right) < 1e-9)
        let reference = try SmallRun()
        try reference.train(plan, reference.options("run"), ranks: 1)
        let single = try #require(reference.metrics(reference.options("run")).compactMap(\.epochMetrics).first)
        #expect(single.validationAccuracy == accuracy)
        #expect(single.validationLoss == epoch.validationLoss)
    }
}

extension MetricsRecord {
    /// The record of an epoch, if it is one.
    var epochMetrics: EpochMetrics? {
        if case .epoch(let metrics) = self { metrics } else { nil }
    }

    /// The record of a step, if it is one.
    var stepMetrics: StepMetrics? {
        if case .step(let metrics) = self { metrics } else { nil }
    }
}
