/// What is recorded about one finished epoch.
public struct EpochMetrics: Hashable, Sendable, Encodable {
    /// Steps taken since the start of training when the epoch ended.
    public var step: Int
    /// The epoch, counted from 1.
    public var epoch: Int
    /// Mean training loss over the epoch's images.
    public var loss: Double
    /// Share of the epoch's training images that were classified rightly, from 0 to 1.
    public var accuracy: Double
    /// Mean loss over the test images; nil without an evaluation.
    public var validationLoss: Double?
    /// Share of the test images that were classified rightly, from 0 to 1; nil without an evaluation.
    public var validationAccuracy: Double?
    /// The learning rate of the epoch's last step.
    public var learningRate: Double
    /// Training images over the epoch's training seconds.
    public var imagesPerSecond: Double
    /// Wall-clock seconds of the epoch, evaluation included.
    public var seconds: Double
    /// The steps of the epoch that were taken since it began or was resumed.
    public var steps: Int
    /// Where the seconds of these steps went on rank 0.
    public var account: StepAccount
    /// The private memory of the rank that takes most, in bytes, the data set apart; nil where it is not known.
    public var privateMemoryBytes: Int?

    /// A record of an epoch.
    public init(
        step: Int, epoch: Int, loss: Double, accuracy: Double, validationLoss: Double?, validationAccuracy: Double?,
        learningRate: Double, imagesPerSecond: Double, seconds: Double, steps: Int, account: StepAccount,
        privateMemoryBytes: Int? = nil
    ) {
        self.step = step
        self.epoch = epoch
        self.loss = loss
        self.accuracy = accuracy
        self.validationLoss = validationLoss
        self.validationAccuracy = validationAccuracy
        self.learningRate = learningRate
        self.imagesPerSecond = imagesPerSecond
        self.seconds = seconds
        self.steps = steps
        self.account = account
        self.privateMemoryBytes = privateMemoryBytes
    }
}
