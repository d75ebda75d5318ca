/// How a network did on a set of images, each counted exactly once.
public struct EvaluationOutcome: Sendable, Equatable {
    /// The mean loss.
    public let loss: Double
    /// Images classified rightly.
    public let right: Int
    /// Images seen.
    public let images: Int

    /// The share classified rightly.
    public var accuracy: Double { Double(right) / Double(max(1, images)) }
}
