/// Where an epoch stands, as the progress line shows it.
public struct StepProgress: Hashable, Sendable {
    /// Finished steps of the epoch.
    public var step: Int
    /// Mean training loss of the epoch so far.
    public var loss: Double
    /// Share of the epoch's images so far that were classified rightly, from 0 to 1.
    public var accuracy: Double
    /// Images per second over all ranks; nil before it is known.
    public var imagesPerSecond: Double?

    /// Progress after a step.
    public init(step: Int, loss: Double, accuracy: Double, imagesPerSecond: Double?) {
        self.step = step
        self.loss = loss
        self.accuracy = accuracy
        self.imagesPerSecond = imagesPerSecond
    }
}
