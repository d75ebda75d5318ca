import Datasets
import GradientExchange
import Layers
import Reports
import Tensors
import Training

/// One rank's training step with a clock around every part of it: the work of `Trainer.step` on the trainer's own
/// network, exchange and optimiser, in the same order.
package final class TimedStep {
    private let trainer: Trainer
    private let batch: Batch
    private let pass: Pass
    private let statistics: TimedStatistics
    private let criterion: Criterion
    private var step = 0

    /// How long each layer's passes of the last step computed while a sum over ranks could travel, layer by layer as in
    /// what `run()` returned.
    package private(set) var coverSeconds: [Double] = []

    /// A step on one batch, over and over.
    ///
    /// - Throws: `ResourceError` when the system refuses the memory.
    package init(_ trainer: Trainer, _ batch: Batch) throws(ResourceError) {
        self.trainer = trainer
        self.batch = batch
        statistics = TimedStatistics(trainer.exchange)
        pass = Pass(
            training: batch.plan, rank: batch.rank, workers: trainer.network.pool.count, seed: trainer.plan.seed,
            epoch: batch.epoch,
            sampleIndices: batch.sampleIndices, statistics: statistics)
        criterion = try Criterion(classes: trainer.plan.architecture.classes, maximumImages: batch.sampleIndices.count)
    }

    private var layers: [any Layer] { trainer.network.layers }

    /// The passes of every layer.
    static let layerPasses: [KernelPass] = [.forward, .backward]
    /// The parts that follow those of the layers.
    static let otherParts = ["loss", "exchange", "optimizer"]

    /// The place of a layer's pass in the seconds of `run`.
    private func part(_ layer: Int, _ pass: KernelPass) -> Int {
        layer * Self.layerPasses.count + Self.layerPasses.firstIndex(of: pass)!
    }

    /// The place of another part in the seconds of `run`.
    private func part(_ name: String) -> Int {
        layers.count * Self.layerPasses.count + Self.otherParts.firstIndex(of: name)!
    }

    /// Takes one step and returns the seconds of its parts, which follow each other without gaps: for each layer its
    /// `layerPasses`, then `otherParts`.
    ///
    /// - Throws: what the exchange throws; one rank alone never does.
    package func run() throws -> [Double] {
        let exchange = trainer.exchange
        var clock = LapClock(parts: layers.count * Self.layerPasses.count + Self.otherParts.count)
        coverSeconds = [Double](repeating: 0, count: layers.count * Self.layerPasses.count)
        try exchange.begin(plan: batch.plan)
        clock.lap(into: part("exchange"))
        var value = Activations(batch.images)
        for (index, layer) in layers.enumerated() {
            value = try layer.forward(value, pass)
            clock.lap(into: part(index, .forward))
            coverSeconds[part(index, .forward)] = statistics.takeSeconds()
        }
        let loss = criterion.evaluate(value.tensor, labels: batch.labels, pass)
        let lossSum = try exchange.startSum(loss.partials, width: Criterion.partialWidth)
        clock.lap(into: part("loss"))
        var gradient = Gradient(loss.gradient)
        var end = trainer.network.parameters.table.blockCount
        for (index, layer) in layers.enumerated().reversed() {
            gradient = try layer.backward(gradient, pass)
            clock.lap(into: part(index, .backward))
            coverSeconds[part(index, .backward)] = statistics.takeSeconds()
            guard let first = layer.parameters.first else { continue }
            try exchange.start(first.range.lowerBound..<end)
            end = first.range.lowerBound
            clock.lap(into: part("exchange"))
        }
        try exchange.finish()
        _ = try lossSum.finish()
        clock.lap(into: part("exchange"))
        trainer.optimizer.step(learningRate: trainer.learningRate(at: step), pool: trainer.network.pool)
        clock.lap(into: part("optimizer"))
        step += 1
        return clock.seconds
    }
}

/// Divides a stretch of time into parts without gaps: each lap runs from the end of the one before.
struct LapClock {
    /// The seconds of each part so far.
    private(set) var seconds: [Double]
    private var last = MonotonicClock.seconds

    /// A clock for so many parts, running from now on.
    init(parts: Int) {
        seconds = [Double](repeating: 0, count: parts)
    }

    /// Adds the time since the last lap to a part.
    mutating func lap(into part: Int) {
        let now = MonotonicClock.seconds
        seconds[part] += now - last
        last = now
    }
}

/// The layers' sums over all ranks, with a clock that runs from the start of each to the wait for it.
final class TimedStatistics: StatisticsExchange {
    private let exchange: GradientExchange
    private var seconds = 0.0

    init(_ exchange: GradientExchange) {
        self.exchange = exchange
    }

    func startSum(_ partials: [Double], width: Int) throws -> () throws -> [Double] {
        let sum = try exchange.startSum(partials, width: width)
        let start = MonotonicClock.seconds
        return { [self] in
            seconds += MonotonicClock.seconds - start
            return try sum.finish()
        }
    }

    /// The seconds that lay between starts and waits since the last call.
    func takeSeconds() -> Double {
        defer { seconds = 0 }
        return seconds
    }
}
