import Foundation
import Kernels
import Testing

/// The geometries every algorithm is held to, the network's own among them.
private let problems = [
    ConvolutionProblem(height: 32, width: 32, inputs: 3, outputs: 64),
    ConvolutionProblem(height: 32, width: 32, inputs: 64, outputs: 64),
    ConvolutionProblem(height: 16, width: 16, inputs: 64, outputs: 128),
    ConvolutionProblem(height: 8, width: 8, inputs: 128, outputs: 256),
    ConvolutionProblem(height: 8, width: 12, inputs: 16, outputs: 48),
    ConvolutionProblem(height: 4, width: 4, inputs: 80, outputs: 16),
    ConvolutionProblem(height: 8, width: 8, inputs: 8, outputs: 24),
    ConvolutionProblem(height: 7, width: 5, inputs: 5, outputs: 3),
    ConvolutionProblem(height: 16, width: 16, inputs: 16, outputs: 16, stride: 2),
    ConvolutionProblem(height: 9, width: 9, inputs: 4, outputs: 10, kernel: 5),
    ConvolutionProblem(height: 8, width: 8, inputs: 32, outputs: 20, kernel: 1),
]

private let fastChoices: [ConvolutionChoice] = [.automatic, .im2col]

@Suite("Fast convolutions agree with the reference")
struct ConvolutionTests {
    // Guards: the numbers themselves. Limits of the reference sheet: forward 2e-5, dX 1e-5,
    // dW 6e-6 · max(1, (images · positions / 8)^0.4), relative L2.
    @Test(arguments: problems, fastChoices)
    func agreesWithReference(_ problem: ConvolutionProblem, _ choice: ConvolutionChoice) {
        let test = ConvolutionCase(problem, images: 3)
        #expect(relativeError(test.output(choice), test.output(.reference)) < 2e-5)
        let (inputGradient, weightGradient, _) = test.gradients(choice)
        let expected = test.gradients(.reference)
        let positions = Double(3 * problem.outputHeight * problem.outputWidth)
        #expect(relativeError(inputGradient, expected.input) < 1e-5)
        #expect(relativeError(weightGradient, expected.weights) < 6e-6 * max(1, pow(positions / 8, 0.4)))
    }

    // Guards: the last step of batch normalisation taken while reading gives what taking it beforehand gives, and the
    // sums for the bias are those of the completed gradient.
    @Test(arguments: problems, fastChoices)
    func completesTheOutputGradient(_ problem: ConvolutionProblem, _ choice: ConvolutionChoice) {
        let test = ConvolutionCase(problem, images: 3, isCorrected: true)
        let (inputGradient, weightGradient, bias) = test.gradients(choice)
        let expected = test.gradients(.reference)
        let positions = Double(3 * problem.outputHeight * problem.outputWidth)
        #expect(relativeError(inputGradient, expected.input) < 1e-5)
        #expect(relativeError(weightGradient, expected.weights) < 6e-6 * max(1, pow(positions / 8, 0.4)))
        #expect(relativeError(bias.map { Float($0) }, expected.bias.map { Float($0) }) < 1e-5)
    }

    // Guards: an image's results never depend on the images that share the call (rank independence).
    @Test(arguments: problems, fastChoices)
    func imagesAreIndependent(_ problem: ConvolutionProblem, _ choice: ConvolutionChoice) {
        let test = ConvolutionCase(problem, images: 5)
        let together = test.output(choice)
        let gradientTogether = test.gradients(choice).input
        for image in 0..<5 {
            let alone = test.output(choice, images: image..<image + 1)
            #expect(alone.elementsEqual(together[image * problem.outputCount..<(image + 1) * problem.outputCount]))
            let gradientAlone = test.gradients(choice, images: image..<image + 1).input
            #expect(
                gradientAlone.elementsEqual(
                    gradientTogether[image * problem.inputCount..<(image + 1) * problem.inputCount]))
        }
    }

    // Guards: accumulation adds exactly one rounding to what was there, and a run longer than a piece is still right.
    @Test(arguments: fastChoices, [4, 19])
    func weightGradientAccumulates(_ choice: ConvolutionChoice, images: Int) {
        let problem = ConvolutionProblem(height: 8, width: 8, inputs: 16, outputs: 48)
        let test = ConvolutionCase(problem, images: 19)
        let plain = test.gradients(choice, images: 0..<images).weights
        let initial = randomValues(problem.weightCount, seed: 9)
        let accumulated = test.gradients(choice, images: 0..<images, addedTo: initial).weights
        #expect(accumulated.elementsEqual(zip(initial, plain).map { $0 + $1 }))
        #expect(relativeError(test.gradients(choice).weights, test.gradients(.reference).weights) < 2e-5)
    }

    // Guards: a rank without samples contributes exact zeros.
    @Test(arguments: fastChoices)
    func noImagesGiveZeroWeightGradient(_ choice: ConvolutionChoice) {
        let test = ConvolutionCase(ConvolutionProblem(height: 4, width: 4, inputs: 8, outputs: 8), images: 1)
        #expect(test.gradients(choice, images: 0..<0).weights.allSatisfy { $0 == 0 })
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
