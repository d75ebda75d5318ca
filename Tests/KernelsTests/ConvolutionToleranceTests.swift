import Kernels
import Testing

@Suite("The limits that convolutions are held to")
struct ConvolutionToleranceTests {
    // Guards: the limits by hand. 2 images of 16 × 16 positions: 512 / 8 = 64, and 64^0.4 = 2^2.4.
    @Test func limits() {
        let tolerance = ConvolutionTolerance(
            ConvolutionProblem(height: 16, width: 16, inputs: 8, outputs: 8), images: 2)
        #expect(tolerance.limit(for: .output) == 2e-5)
        #expect(tolerance.limit(for: .inputGradient) == 1e-5)
        #expect(abs(tolerance.limit(for: .weightGradient) - 6e-6 * 5.278031643) < 1e-12)
    }

    // Guards: a sum of few terms is not held to less than one rounding's worth.
    @Test func shortSumsKeepTheBase() {
        let single = ConvolutionProblem(height: 2, width: 2, inputs: 8, outputs: 8)
        #expect(ConvolutionTolerance(single, images: 1).limit(for: .weightGradient) == 6e-6)
    }

    // Guards: the measure itself, and that a result which is no number never passes.
    @Test func relativeError() {
        #expect(ConvolutionTolerance.relativeError(of: [3, 4.5], from: [3, 4]) == 0.1)
        #expect(ConvolutionTolerance.relativeError(of: [0, 0], from: [0, 0]) == 0)
        #expect(ConvolutionTolerance.relativeError(of: [1], from: [0]) == .infinity)
        #expect(ConvolutionTolerance.relativeError(of: [.nan, 4], from: [3, 4]).isNaN)
    }
}
