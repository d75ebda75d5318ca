/// Where a run stands: everything a resumed run needs besides tensors.
public struct RunPosition: Codable, Sendable, Equatable {
    /// Finished steps since the start of training.
    public var step = 0
    /// The steps of one epoch.
    public var stepsPerEpoch: Int
    /// Sums over the current epoch's finished steps.
    public var epochTotals = EpochTotals()

    /// The start of a run.
    public init(stepsPerEpoch: Int) {
        self.stepsPerEpoch = stepsPerEpoch
    }

    /// The epoch of the next step, from 0.
    public var epoch: Int { step / stepsPerEpoch }
    /// Finished steps of that epoch.
    public var stepInEpoch: Int { step % stepsPerEpoch }
}

/// Sums over the finished steps of an epoch.
public struct EpochTotals: Codable, Sendable, Equatable {
    /// The summed loss of the images.
    public var loss = 0.0
    /// Images classified rightly.
    public var right = 0
    /// Images seen.
    public var images = 0

    /// Nothing summed yet.
    public init() {}

    /// The mean loss of an image.
    public var meanLoss: Double { loss / Double(max(1, images)) }
    /// The share classified rightly.
    public var accuracy: Double { Double(right) / Double(max(1, images)) }

    /// Adds a step.
    public mutating func add(loss: Double, right: Int, images: Int) {
        self.loss += loss
        self.right += right
        self.images += images
    }
}
