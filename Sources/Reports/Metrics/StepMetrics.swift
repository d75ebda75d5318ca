/// What is recorded about one training step.
public struct StepMetrics: Hashable, Sendable, Encodable {
    /// Steps taken since the start of training, this one included: 1, 2, 3 …
    public var step: Int
    /// The epoch the step belongs to, counted from 1.
    public var epoch: Int
    /// Mean cross-entropy over the global batch.
    public var loss: Double
    /// Share of the global batch that was classified rightly, from 0 to 1.
    public var accuracy: Double
    /// The learning rate of this step.
    public var learningRate: Double
    /// Images of the global batch over the step's seconds.
    public var imagesPerSecond: Double
    /// Wall-clock seconds of the whole step.
    public var seconds: Double
    /// Where these seconds went on rank 0.
    public var account: StepAccount

    /// A record of a step.
    public init(
        step: Int, epoch: Int, loss: Double, accuracy: Double, learningRate: Double, imagesPerSecond: Double,
        seconds: Double, account: StepAccount
    ) {
        self.step = step
        self.epoch = epoch
        self.loss = loss
        self.accuracy = accuracy
        self.learningRate = learningRate
        self.imagesPerSecond = imagesPerSecond
        self.seconds = seconds
        self.account = account
    }
}
