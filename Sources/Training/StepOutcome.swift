/// What one training step came to, over the global batch.
public struct StepOutcome: Sendable, Equatable {
    /// The summed loss of the global batch's images.
    public let loss: Double
    /// Images of the global batch classified rightly.
    public let right: Int
    /// Images of the global batch.
    public let images: Int
    /// The learning rate that was used.
    public let learningRate: Float
    /// Whether any rank was asked to stop; every rank gets the same answer.
    public let mustStop: Bool
}
