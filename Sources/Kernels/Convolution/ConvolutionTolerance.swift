import Foundation

/// How far a convolution's results may lie from the reference's: relative L2, ‖actual − expected‖ / ‖expected‖.
public struct ConvolutionTolerance: Sendable, Hashable {
    private let positions: Double

    /// The limits for a run of `images` images.
    public init(_ problem: ConvolutionProblem, images: Int) {
        positions = Double(images * problem.outputHeight * problem.outputWidth)
    }

    /// The largest relative error that a result may have.
    ///
    /// The weight gradient's grows with the output positions of all images, each of which is a term of its sum and brings
    /// its rounding: 6e-6 · max(1, (positions / 8)^0.4).
    public func limit(for result: ConvolutionResult) -> Double {
        switch result {
        case .output: 2e-5
        case .inputGradient: 1e-5
        case .weightGradient: 6e-6 * max(1, pow(positions / 8, 0.4))
        }
    }

    /// ‖actual − expected‖ / ‖expected‖; not a number if anything in it is not.
    public static func relativeError(of actual: [Float], from expected: [Float]) -> Double {
        precondition(actual.count == expected.count, "\(actual.count) values against \(expected.count)")
        var difference = 0.0
        var norm = 0.0
        for (a, e) in zip(actual, expected) {
            difference += (Double(a) - Double(e)) * (Double(a) - Double(e))
            norm += Double(e) * Double(e)
        }
        // Two blocks of zeros agree.
        return difference == 0 ? 0 : (difference / norm).squareRoot()
    }
}

/// What a convolution computes.
public enum ConvolutionResult: String, Sendable, CaseIterable {
    /// The output of forward.
    case output
    /// The gradient by the activated input.
    case inputGradient = "input gradient"
    /// The gradient by the weights.
    case weightGradient = "weight gradient"
}
