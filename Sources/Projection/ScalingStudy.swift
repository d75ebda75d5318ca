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
