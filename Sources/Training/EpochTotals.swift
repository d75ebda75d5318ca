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
