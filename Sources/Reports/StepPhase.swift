/// What a rank is doing during a step.
public enum StepPhase: String, Sendable, CaseIterable {
    /// Waiting for the next batch.
    case dataWait
    /// Forward, backward and the update of the weights.
    case compute
    /// Waiting for other ranks.
    case exchange
}
