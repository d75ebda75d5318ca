/// What a convolution computes.
public enum ConvolutionResult: String, Sendable, CaseIterable {
    /// The output of forward.
    case output
    /// The gradient by the activated input.
    case inputGradient = "input gradient"
    /// The gradient by the weights.
    case weightGradient = "weight gradient"
}
