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

    /// The algorithms in order of preference; what does not accept a problem leaves it to the next.
    static var preferences: [(choice: ConvolutionChoice, type: any ConvolutionAlgorithm.Type)] {
        [
            (.winograd, WinogradConvolution.self), (.im2col, Im2colConvolution.self),
            (.reference, ReferenceConvolution.self),
        ]
    }

    /// The algorithms there are, in order of preference.
    public static var algorithms: [ConvolutionChoice] { preferences.map(\.choice) }

    /// The first of the list, from this choice on, that accepts the problem.
    private func first(for problem: ConvolutionProblem) -> (
        choice: ConvolutionChoice, type: any ConvolutionAlgorithm.Type
    ) {
        let candidates = Self.preferences.drop { self != .automatic && $0.choice != self }
        guard let first = candidates.first(where: { $0.type.accepts(problem) }) else {
            preconditionFailure("the last algorithm accepts any problem")
        }
        return first
    }

    /// The algorithm that this choice comes to for a problem: `winograd`, `im2col` or `reference`.
    public func resolved(for problem: ConvolutionProblem) -> ConvolutionChoice { first(for: problem).choice }

    /// That algorithm, made for the problem.
    public func algorithm(for problem: ConvolutionProblem) -> any ConvolutionAlgorithm {
        first(for: problem).type.init(problem)
    }
}
