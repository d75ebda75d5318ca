import Collectives
import Datasets
import Optimizers
import Tensors
import Testing
import Training
import ThreadRanks

@Suite("Steps of several micro-batches")
struct AccumulationTests {
    /// Steps of 25, 25 and 10 images in micro-batches of 8, 8 and 9, then 5 and 5.
    private static func plan(_ change: (inout TrainingPlan) -> Void = { _ in }) -> TrainingPlan {
        SmallRun.plan {
            $0.globalBatch = 25
            $0.limitTrain = 60
            $0.accumulation = 3
            change(&$0)
        }
    }

    // Guards the first promise: weights, running statistics, optimiser state and position byte for byte, with uneven
    // micro-batches, uneven shares, a last step that has fewer micro-batches, and two threads.
    @Test(arguments: [1, 2, 3, 5], [1, 2])
    func ranksAndThreadsChangeNothing(ranks: Int, threads: Int) throws {
        let run = try SmallRun()
        try run.train(Self.plan(), run.options("one"), ranks: 1)
        try run.train(Self.plan(), run.options("many") { $0.threads = threads }, ranks: ranks)
        let (one, many) = (try run.newest(run.options("one")), try run.newest(run.options("many")))
        #expect(one.metadata == many.metadata)
        #expect(one.tensors == many.tensors)
        let losses = try run.metrics(run.options("one")).compactMap(\.stepMetrics).map(\.loss)
        #expect(losses.count == 6)
        #expect(try losses == run.metrics(run.options("many")).compactMap(\.stepMetrics).map(\.loss))
    }

    // Guards: checkpoints and positions count steps, so that a resumed run on other ranks begins with a step's first
    // micro-batch.
    @Test(arguments: [(2, 1, 3), (3, 2, 1), (4, 5, 2)])
    func resumesOnOtherRanks(stop: Int, before: Int, after: Int) throws {
        let run = try SmallRun()
        try run.train(Self.plan(), run.options("straight"), ranks: 1)
        try run.train(Self.plan(), run.options("resumed") { $0.maxSteps = stop }, ranks: before)
        try run.train(Self.plan(), run.options("resumed") { $0.resume = true }, ranks: after)
        let (straight, resumed) = (
            try run.newest(run.options("straight")), try run.newest(run.options("resumed"))
        )
        #expect(straight.metadata == resumed.metadata)
        #expect(straight.tensors == resumed.tensors)
    }

    // Guards LARS in a whole run: its norms are the same bits on any number of ranks and threads, and its state goes on
    // from a checkpoint on other ranks.
    @Test(arguments: [(2, 1), (3, 2), (5, 1)])
    func larsIsTheSameToo(ranks: Int, threads: Int) throws {
        let run = try SmallRun()
        let plan = Self.plan {
            $0.optimizer = .init(LARS(trustCoefficient: 0.02), weightDecay: 5e-4)
            $0.learningRate = 1
            $0.baseBatch = 50
        }
        try run.train(plan, run.options("one"), ranks: 1)
        try run.train(plan, run.options("many") { $0.maxSteps = 4 }, ranks: ranks)
        let resumed = run.options("many") {
            $0.resume = true
            $0.threads = threads
        }
        try run.train(plan, resumed, ranks: 2)
        let (one, many) = (try run.newest(run.options("one")), try run.newest(run.options("many")))
        #expect(one.metadata == many.metadata)
        #expect(one.tensors == many.tensors)
        #expect(one["optimizer.momentum.classifier.weight"] != nil)
    }

    // Guards the mathematics: the gradient of a step is the mean of those of its micro-batches taken as steps of their
    // own, so plain descent ends at the mean of where each would have ended; dropout and distortion included.
    @Test func isTheMeanOfItsMicroBatches() throws {
        let accumulated = try Self.steps(1, of: Self.descent { $0.accumulation = 3 })[0]
        let separate = try Self.steps(3, of: Self.descent { $0.globalBatch = 8 })
        for element in accumulated.weights.indices {
            let mean = separate.reduce(0) { $0 + Double($1.weights[element]) } / 3
            #expect(abs(Double(accumulated.weights[element]) - mean) < 2e-6 * max(1, abs(mean)))
        }
        let loss = separate.reduce(0) { $0 + $1.outcome.loss }
        #expect(abs(accumulated.outcome.loss - loss) < 1e-9 * loss)
        #expect(accumulated.outcome.images == 24)
        #expect(accumulated.outcome.right == separate.reduce(0) { $0 + $1.outcome.right })
    }

    // Guards the same against the big batch: where every micro-batch holds the same images, its statistics are those of
    // the whole batch, and accumulation changes rounding alone.
    @Test(arguments: [1, 3]) func isTheBigBatchWhereStatisticsAgree(ranks: Int) throws {
        let images = RepeatedImages(SyntheticImages.training(limit: 8), times: 3)
        func plan(_ accumulation: Int?) -> TrainingPlan {
            Self.descent {
                $0.accumulation = accumulation
                $0.augmentation = .none
                $0.architecture.staged?.dropout = 0
                $0.shuffle = .none
            }
        }
        let start = try Self.initialWeights(of: plan(nil))
        let big = try Self.steps(1, of: plan(nil), on: images, ranks: ranks)[0]
        let accumulated = try Self.steps(1, of: plan(3), on: images, ranks: ranks)[0]
        let moved = zip(start, big.weights).map { abs($0 - $1) }.max()!
        let apart = zip(accumulated.weights, big.weights).map { abs($0 - $1) }.max()!
        #expect(moved > 0 && apart < 1e-4 * moved, "moved by \(moved), apart by \(apart)")
        #expect(abs(accumulated.outcome.loss - big.outcome.loss) < 1e-5 * big.outcome.loss)
    }

    // Guards the guard: other images in each micro-batch have other statistics, so the weights must differ.
    @Test func differsFromOneBatch() throws {
        let accumulated = try Self.steps(1, of: Self.descent { $0.accumulation = 3 })[0].weights
        #expect(try Self.steps(1, of: Self.descent())[0].weights != accumulated)
    }

    // Guards: more micro-batches than images, or more ranks than a micro-batch has images, end in a sentence.
    @Test func impossibleCutsAreSentences() throws {
        #expect { try Self.plan { $0.accumulation = 26 }.validate(ranks: 1) } throws: {
            "\($0)".contains("cannot be cut into 26 micro-batches")
        }
        #expect { try Self.plan { $0.accumulation = 6 }.validate(ranks: 6) } throws: {
            "\($0)".contains("6 ranks cannot share a micro-batch of 5 images") && "\($0)".contains("--accumulate")
        }
        try Self.plan { $0.accumulation = 6 }.validate(ranks: 5)
    }

    /// Plain descent over batches of 24 images: a step shows its gradient.
    private static func descent(_ change: (inout TrainingPlan) -> Void = { _ in }) -> TrainingPlan {
        SmallRun.plan {
            $0.optimizer = .init(StochasticGradientDescent(momentum: 0))
            $0.learningRate = 0.1
            change(&$0)
        }
    }

    private struct Result: Sendable {
        let weights: [Float]
        let outcome: StepOutcome
    }

    private static func initialWeights(of plan: TrainingPlan) throws -> [Float] {
        try Trainer(plan, communicator: SoloCommunicator(), stepsPerEpoch: 3).network.parameters.values.values
    }

    /// Where the first `count` steps of a run lead, each from the initial weights.
    private static func steps(
        _ count: Int, of plan: TrainingPlan, on images: (any LabelledImages)? = nil, ranks: Int = 1
    ) throws -> [Result] {
        let training = images ?? SyntheticImages.training(limit: plan.limitTrain)
        let normalization = Normalization(of: training)
        return try ThreadGroup.run(ranks: ranks) { communicator in
            let shards = ShardPlan(
                imageCount: training.count, globalBatch: plan.globalBatch, accumulation: plan.microBatches.count,
                shares: .even(granules: plan.granules, ranks: ranks), seed: plan.seed, shuffle: plan.shuffle)
            let loader = try PrefetchingLoader(
                training, normalization: normalization, augmentation: plan.augmentation, shards: shards,
                rank: communicator.rank, seed: plan.seed, fromStep: 0)
            defer { loader.stop() }
            var results: [Result] = []
            for _ in 0..<count {
                let trainer = try Trainer(plan, communicator: communicator, stepsPerEpoch: 3)
                let values = trainer.network.parameters.values
                let outcome = try trainer.step(loader.next(), at: 0) { loader.next() }
                results.append(Result(weights: values.values, outcome: outcome))
            }
            try communicator.finish()
            return results
        }[0]
    }
}
