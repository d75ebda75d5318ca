/// Which convolution algorithm to use.
public enum ConvolutionChoice: String, Sendable, Codable, CaseIterable {
    /// The first of the list that can do the problem: Winograd, then im2col.
    case automatic
    /// F(4×4,3×3) where it fits, im2col elsewhere.
    case winograd
    /// Patches and a matrix product, any geometry.
    case im2col
    /// Plain loops, any geometry, slow: what the others are held to.
    case reference

    /// The implementations in order of preference, ending with the one that can do anything.
    public func algorithm(for problem: ConvolutionProblem) -> any ConvolutionAlgorithm {
        switch self {
        case .automatic, .winograd:
            WinogradConvolution.accepts(problem) ? WinogradConvolution(problem) : Im2colConvolution(problem)
        case .im2col: Im2colConvolution(problem)
        case .reference: ReferenceConvolution(problem)
        }
    }
}
