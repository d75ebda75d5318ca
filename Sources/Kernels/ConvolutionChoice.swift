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
    public func algorithm(for problem: ConvolutionProblem, workspace: Workspace) -> any ConvolutionAlgorithm {
        switch self {
        case .automatic, .winograd:
            if WinogradConvolution.accepts(problem) {
                return WinogradConvolution(problem, workspace: workspace)
            }
            return Im2colConvolution(problem, workspace: workspace)
        case .im2col: return Im2colConvolution(problem, workspace: workspace)
        case .reference: return ReferenceConvolution(problem)
        }
    }
}
