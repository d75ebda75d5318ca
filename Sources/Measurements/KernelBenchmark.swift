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
        let clock = StepClock(watching: trainer)
        let batch = try Batch.random(plan, communicator: communicator)
        let parts = StepClock.parts(of: trainer.network)
        let peak = PeakArithmetic.measure().operationsPerSecond
        var (steps, covers): ([[Double]], [[Double]]) = ([], [])
        for index in 0..<warmupSteps + repeats {
            _ = try clock.measure { try trainer.step(batch, at: index) }
            guard index >= warmupSteps else { continue }
            steps.append(parts.map { clock.seconds[$0] ?? 0 })
            covers.append(parts.map { clock.coverSeconds[$0] ?? 0 })
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

    /// Names the seconds of a step's parts.
    private func timings(_ network: Network, _ seconds: [Double], _ covers: [Double]) -> [KernelTiming] {
        let products = Dictionary(
            uniqueKeysWithValues: zip(
                network.layers.map(\.name), LayerProducts.all(of: network, convolution: plan.convolution)))
        return zip(StepClock.parts(of: network), zip(seconds, covers)).map { part, times in
            switch part {
            case .layer(let name, let direction):
                let (products, pass) = (products[name]!, KernelPass(direction))
                return KernelTiming(
                    layer: name, work: products.work, pass: pass, algorithm: products.algorithm, seconds: times.0,
                    coverSeconds: times.1, operations: plan.globalBatch * products.arithmetic.operations(in: pass),
                    directOperations: plan.globalBatch * products.direct.operations(in: pass))
            case .loss: return KernelTiming(layer: "loss", work: "softmax cross-entropy", pass: .rest, seconds: times.0)
            case .exchange:
                return KernelTiming(layer: "exchange", work: "sums of gradients", pass: .rest, seconds: times.0)
            case .update:
                return KernelTiming(
                    layer: "optimizer", work: plan.optimizer.kind.rawValue, pass: .rest, seconds: times.0)
            }
        }
    }
}
