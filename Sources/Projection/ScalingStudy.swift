import Failures
/// Projects steps of one network from the profile of one machine.
package struct ScalingStudy: Sendable {
    private let shape: StepShape
    private let profile: StepProfile
    private let variation: RankVariation
    private let simulatedSteps: Int

    /// A study; the mean of `simulatedSteps` steps counts.
    package init(_ shape: StepShape, _ profile: StepProfile, _ variation: RankVariation, simulatedSteps: Int) {
        precondition(simulatedSteps > 0, "at least one step")
        self.shape = shape
        self.profile = profile
        self.variation = variation
        self.simulatedSteps = simulatedSteps
    }

    /// The step of a global batch on some ranks, at most one for each image.
    package func step(_ network: NetworkModel, globalBatch: Int, ranks: Int) -> ProjectedStep {
        let program = StepProgram(shape, profile, network, globalBatch: globalBatch, ranks: ranks)
        var breakdown = AnalyticStep.breakdown(program)
        let analytic = breakdown.total
        breakdown[.waiting] = StepSimulation(program, variation).meanSeconds(steps: simulatedSteps) - analytic
        return ProjectedStep(
            ranks: ranks, globalBatch: globalBatch, analyticSeconds: analytic, breakdown: breakdown)
    }

    /// The steps on 1, 2, 4 … ranks, up to `mostRanks` and one for each image.
    package func curve(_ network: NetworkModel, _ method: ScalingMethod, mostRanks: Int) -> ScalingCurve {
        var ranks: [Int] = []
        var next = 1
        while next <= mostRanks, next <= method.globalBatch(ranks: next) {
            ranks.append(next)
            next *= 2
        }
        return ScalingCurve(
            network: network, method: method,
            steps: ranks.map { step(network, globalBatch: method.globalBatch(ranks: $0), ranks: $0) })
    }
}

/// A step that nobody measured: what the model says about some ranks on a network.
package struct ProjectedStep: Sendable, Equatable {
    /// The number of ranks.
    package let ranks: Int
    /// The images of a step over all ranks.
    package let globalBatch: Int
    /// Seconds of a step in closed form, of ranks that do not differ.
    package let analyticSeconds: Double
    /// The simulated step, its terms from the closed form, and waiting for what the simulation adds.
    package let breakdown: StepBreakdown

    /// Seconds of a simulated step, the mean.
    package var seconds: Double { breakdown.total }
    /// Images per second of all ranks.
    package var imagesPerSecond: Double { Double(globalBatch) / seconds }
}

/// Why nothing can be projected: a sentence with a next step.
package struct ProjectionError: ExplainedError, Equatable {
    /// Measurements that do not suffice.
    package var exitCode: ExitCode { .internalFailure }
    /// What is wrong and what to do.
    package let description: String

    /// An error with its sentence.
    package init(_ description: String) {
        self.description = description
    }
}
