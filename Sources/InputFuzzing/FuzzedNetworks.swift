import Layers
import Tensors

/// The reader of network files.
///
/// What it accepts and finds possible reads back equal, and is built into a network or refused with a sentence.
package final class FuzzedNetworks: FuzzedReader {
    package let name = "network"
    package let samples = [FuzzedNetworks.everyBlock, FuzzedNetworks.nested, FuzzedNetworks.stages].map {
        Array($0.utf8)
    }
    package let tokens = [
        "{", "}", "[", "]", ":", ",", "\"", " ", "\n", "\\u0000", "\\ud83d", "null", "true", "-", ".", "e5",
        "\"block\":", "\"blocks\":[", "\"name\":\"units.0\",", "\"name\":\"\",", "\"name\":\"optimizer.a\",",
        "\"width\":", "\"kernel\":", "\"stride\":", "\"padding\":", "\"outputs\":", "\"window\":2,", "\"groups\":",
        "\"image\":", "\"classes\":", "{\"block\":\"unit\",\"width\":4},", ",{\"block\":\"dense\"}",
        ",{\"block\":\"dropout\",\"rate\":0.5}", "{\"block\":\"residual\",\"branch\":[", "{\"prefix\":\"units.\"},",
        "\"role\":\"bias\",", "\"trainableUntil\":", "\"stages\":", "{\"width\":4,\"units\":1},",
    ].map { Array($0.utf8) }

    /// A reader of network files.
    package init() {}

    /// The input as it is: a network file has no lengths.
    package func framed(_ input: [UInt8]) -> [UInt8] { input }

    package func accepts(_ input: [UInt8]) throws(BrokenPromise) -> Bool {
        let architecture: Architecture
        do throws(ArchitectureError) {
            architecture = try Architecture(json: input)
            try architecture.validate()
        } catch {
            try BrokenPromise.unlessSentence(error.description)
            return false
        }
        let again = try? Architecture(json: Array(architecture.fileText.utf8), over: architecture)
        try BrokenPromise.unless(
            again == architecture, "A network does not survive writing: \(architecture.fileText)")
        guard Self.isSmall(architecture.blocks, architecture.image, classes: architecture.classes) else { return true }
        do {
            return try !Network(architecture, maximumImages: 1).layers.isEmpty
        } catch {
            try BrokenPromise.unlessSentence("\(error)")
            return false
        }
    }

    /// Whether blocks are built soon and in little memory.
    private static func isSmall(_ list: BlockList, _ input: ImageShape, classes: Int) -> Bool {
        var input = input
        for block in list.blocks {
            guard let output = try? block.outputShape(of: input, classes: classes) else { return false }
            let taps =
                block is DenseBlock ? input.plane : (block as? ConvolutionBlock).map { $0.kernel * $0.kernel } ?? 9
            guard input.count <= 1 << 12, output.count <= 1 << 12, taps * input.channels * output.channels <= 1 << 16
            else { return false }
            if let residual = block as? ResidualBlock {
                guard isSmall(residual.branch, input, classes: classes),
                    isSmall(residual.shortcut, input, classes: classes)
                else { return false }
            }
            input = output
        }
        return list.blocks.count <= 50
    }

    /// One of each kind, with settings that are not the defaults.
    private static let everyBlock = """
        {"image":{"height":17,"width":17,"channels":2},"classes":3,"blocks":[
        {"block":"convolution","width":6,"kernel":5,"stride":2,"padding":1,"bias":false,"name":"stem"},
        {"block":"batch-normalization","rectifies":true},{"block":"unit","width":8},
        {"block":"residual","branch":[{"block":"group-normalization","groups":2},
        {"block":"activation","function":"gelu"},{"block":"convolution","width":4}],
        "shortcut":[{"block":"convolution","width":4,"kernel":1}]},
        {"block":"maximum-pool"},{"block":"average-pool","window":2},{"block":"dropout","rate":0.25},
        {"block":"dense","outputs":5},{"block":"dense"}],
        "parameterRules":[{"role":"bias","rateFactor":64,"weightDecay":0.5},
        {"prefix":"stem.","trainableFrom":1,"trainableUntil":3}]}
        """

    /// Residuals inside each other, and what may be left out left out.
    private static let nested = """
        {"blocks":[{"block":"average-pool","window":4},{"block":"residual","name":"outer","branch":[
        {"block":"residual","branch":[{"block":"unit","width":3}]}]},{"block":"average-pool"},{"block":"dense"}]}
        """

    /// A network as it is in plans before blocks.
    private static let stages = """
        {"classes":10,"dropout":0.5,"finalActivation":true,"imageChannels":3,"imageSide":8,"pooling":"strided",
        "stages":[{"units":1,"width":4},{"units":2,"width":8}]}
        """
}
