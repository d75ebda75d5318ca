import Tensors

/// What one layer hands to the next on the way forward.
public struct Activations {
    /// The values, `[images, …]`.
    public let tensor: Tensor
    /// This rank's sums for the batch normalisation that follows, if they were taken while the values were in cache;
    /// laid out as `BatchNormalization` asks for them.
    let moments: [Double]?

    /// Values, with the sums where they are known.
    public init(_ tensor: Tensor) {
        self.init(tensor, moments: nil)
    }

    init(_ tensor: Tensor, moments: [Double]?) {
        self.tensor = tensor
        self.moments = moments
    }
}
