import Collectives
import Datasets
import Kernels
import Layers
import Reports
import Training

/// Measures where the time of one rank's training step goes, layer by layer, on one batch of random images.
public struct KernelBenchmark {
    private let plan: TrainingPlan
    private let threads: Int
    private let warmupSteps: Int
    private let repeats: Int

    /// A benchmark of `repeats` counted steps after `warmupSteps` others; `plan.globalBatch` are the rank's images.
    public init(_ plan: TrainingPlan, threads: Int = 1, warmupSteps: Int = 2, repeats: Int) {
        precondition(warmupSteps >= 0 && repeats > 0, "at least one step is counted")
        self.plan = plan
        self.threads = threads
        self.warmupSteps = warmupSteps
        self.repeats = repeats
    }

    /// Takes the steps, and measures the peak before and after: a shared machine may have been slower at one end.
    ///
    /// - Throws: `ArchitectureError` or `OptimizerError` when the plan cannot be built.
    public func run() throws -> KernelReport {
        let communicator = SoloCommunicator()
        let trainer = try Trainer(
            plan, communicator: communicator, threads: threads, stepsPerEpoch: warmupSteps + repeats)
        let step = try TimedStep(trainer, .random(plan, communicator: communicator))
        let peak = PeakArithmetic.measure().operationsPerSecond
        var (steps, covers): ([[Double]], [[Double]]) = ([], [])
        for index in 0..<warmupSteps + repeats {
            let seconds = try step.run()
            guard index >= warmupSteps else { continue }
            steps.append(seconds)
            covers.append(step.coverSeconds)
        }
        return KernelReport(
            images: plan.globalBatch, timings: timings(trainer.network, Self.medians(steps), Self.medians(covers)),
            stepSeconds: steps.map { $0.reduce(0, +) }.median,
            peak: max(peak, PeakArithmetic.measure().operationsPerSecond))
    }

    /// The median of each part.
    private static func medians(_ steps: [[Double]]) -> [Double] {
        steps[0].indices.map { part in steps.map { $0[part] }.median }
    }

    /// Names the seconds of a `TimedStep`.
    private func timings(_ network: Network, _ seconds: [Double], _ covers: [Double]) -> [KernelTiming] {
        var (seconds, covers) = (seconds[...], covers[...])
        let layers = zip(network.layers, LayerProducts.all(of: network, convolution: plan.convolution))
        let ofLayers = layers.flatMap { layer, products in
            TimedStep.layerPasses.map { pass in
                KernelTiming(
                    layer: layer.name, work: products.work, pass: pass, algorithm: products.algorithm,
                    seconds: seconds.removeFirst(), coverSeconds: covers.removeFirst(),
                    operations: plan.globalBatch * products.arithmetic.operations(in: pass),
                    directOperations: plan.globalBatch * products.direct.operations(in: pass))
            }
        }
        let works = ["softmax cross-entropy", "sums of gradients", plan.optimizer.kind.rawValue]
        let others = zip(TimedStep.otherParts, works).map { name, work in
            KernelTiming(layer: name, work: work, pass: .rest, seconds: seconds.removeFirst())
        }
        return ofLayers + others
    }
}
