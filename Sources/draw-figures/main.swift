import Foundation
import Reports

// Draws the README's picture out of the figures that were measured: swift run -c release draw-figures [FILE]
//
// Run it in the package's directory after new measurements. Without FILE it replaces the picture of the article "Figures";
// a test says when that is not what it would draw.
let picture = "Sources/Measurements/Measurements.docc/Resources/measured.svg"
do {
    let drawn = PlotPicture(
        [
            ("Accuracy: the article's recipe on CIFAR-10", try ArticleRun().plot),
            ("Speed: training steps on the same cores", try PeerSpeeds().plot),
        ],
        description: "Accuracy of the article's recipe by epoch, and images per second of Lockstep and PyTorch by ranks"
    )
    try Data(drawn.svg.utf8).write(to: URL(fileURLWithPath: CommandLine.arguments.dropFirst().first ?? picture))
} catch {
    FileHandle.standardError.write(Data("draw-figures: \(error.localizedDescription)\n".utf8))
    exit(1)
}
