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
