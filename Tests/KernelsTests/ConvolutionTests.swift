import Kernels
import Testing

private let fastChoices: [ConvolutionChoice] = [.automatic, .im2col]

@Suite("Fast convolutions agree with the reference")
struct ConvolutionTests {
    // Guards: the numbers themselves, on every convolution that the benchmark measures, within the limits it shows. With
    // a correction: that batch normalisation's last step, taken while reading, gives what taking it beforehand gives.
    @Test(arguments: NamedConvolution.all, fastChoices)
    func agreesWithReference(_ convolution: NamedConvolution, _ choice: ConvolutionChoice) throws {
        let problem = convolution.problem
        let tolerance = ConvolutionTolerance(problem, images: 3)
        func expectClose(_ actual: [Float], _ expected: [Float], _ result: ConvolutionResult) {
            let error = ConvolutionTolerance.relativeError(of: actual, from: expected)
            #expect(error <= tolerance.limit(for: result), "\(result.rawValue) of \(convolution)")
        }
        for isCorrected in [false, true] {
            let test = ConvolutionCase(problem, images: 3, isCorrected: isCorrected)
            expectClose(try test.output(choice), try test.output(.reference), .output)
            let actual = try test.gradients(choice)
            let expected = try test.gradients(.reference)
            expectClose(actual.input, expected.input, .inputGradient)
            expectClose(actual.weights, expected.weights, .weightGradient)
            expectClose(actual.bias.map { Float($0) }, expected.bias.map { Float($0) }, .inputGradient)
        }
    }

    // Guards: an image's results never depend on the images that share the call (rank independence).
    @Test(arguments: NamedConvolution.all, fastChoices)
    func imagesAreIndependent(_ convolution: NamedConvolution, _ choice: ConvolutionChoice) throws {
        let problem = convolution.problem
        let test = ConvolutionCase(problem, images: 5)
        let together = try test.output(choice)
        let gradientTogether = try test.gradients(choice).input
        for image in 0..<5 {
            let alone = try test.output(choice, images: image..<image + 1)
            #expect(alone.elementsEqual(together[image * problem.outputCount..<(image + 1) * problem.outputCount]))
            let gradientAlone = try test.gradients(choice, images: image..<image + 1).input
            #expect(
                gradientAlone.elementsEqual(
                    gradientTogether[image * problem.inputCount..<(image + 1) * problem.inputCount]))
        }
    }

    // Guards: accumulation adds exactly one rounding to what was there, and a run longer than a piece is still right.
    @Test(arguments: fastChoices, [4, 19])
    func weightGradientAccumulates(_ choice: ConvolutionChoice, images: Int) throws {
        let problem = ConvolutionProblem(height: 8, width: 8, inputs: 16, outputs: 48)
        let test = ConvolutionCase(problem, images: 19)
        let plain = try test.gradients(choice, images: 0..<images).weights
        let initial = randomValues(problem.weightCount, seed: 9)
        let accumulated = try test.gradients(choice, images: 0..<images, addedTo: initial).weights
        #expect(accumulated.elementsEqual(zip(initial, plain).map { $0 + $1 }))
        let error = ConvolutionTolerance.relativeError(
            of: try test.gradients(choice).weights, from: try test.gradients(.reference).weights)
        #expect(error < 2e-5)
    }

    // Guards: a rank without samples contributes exact zeros.
    @Test(arguments: fastChoices)
    func noImagesGiveZeroWeightGradient(_ choice: ConvolutionChoice) throws {
        let test = ConvolutionCase(ConvolutionProblem(height: 4, width: 4, inputs: 16, outputs: 16), images: 1)
        #expect(try test.gradients(choice, images: 0..<0).weights.allSatisfy { $0 == 0 })
    }

    // Guards: geometries that Winograd cannot do go to im2col instead of being computed wrongly.
    @Test func winogradRefusesWhatItCannotDo() {
        func accepts(height: Int = 8, inputs: Int = 16, kernel: Int = 3, stride: Int = 1) -> Bool {
            WinogradConvolution.accepts(
                ConvolutionProblem(
                    height: height, width: 8, inputs: inputs, outputs: 16, kernel: kernel, stride: stride))
        }
        #expect(accepts())
        #expect(!accepts(height: 6))
        #expect(!accepts(inputs: 3))
        #expect(!accepts(inputs: 8))
        #expect(!accepts(kernel: 5))
        #expect(!accepts(stride: 2))
    }
}
