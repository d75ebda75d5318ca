import Foundation
import Kernels
import Layers
import Tensors
import Testing

@Suite("No network file ends the process")
struct HostileNetworkTests {
    private static let largest = Int.max

    // Guards: numbers of a file are bounded before anything is computed or written down from them.
    @Test(
        arguments: [
            (#""blocks": [], "image": {"height": 0, "width": 32, "channels": 3}"#, "Images of 0×32×3 cannot be"),
            (#""blocks": [], "image": {"height": 32, "width": -1, "channels": 3}"#, "Images of 32×-1×3 cannot be"),
            (#""blocks": [], "image": {"height": \#(largest), "width": \#(largest), "channels": 3}"#, "cannot be"),
            (#""blocks": [], "image": {"height": 65536, "width": 65536, "channels": 1}"#, "268,435,456 values"),
            (#""blocks": [], "image": {"height": 1e30, "width": 1, "channels": 1}"#, "cannot be read"),
            (stages(units: "-1"), "Stage 1 has -1 units"), (stages(units: "1000000000000"), "1000000000000 units"),
            (stages(units: "1", width: "\(largest)"), "Stage 1 has \(largest) channels"),
            (stages(units: "1", side: "0"), "Images of 0×0×3 cannot be"),
            (stages(units: "1", side: "\(largest)"), "cannot be"),
            (
                #""stages": [\#(many(18, #"{"width": 1, "units": 1}"#))], "pooling": "max", "dropout": 0, "finalActivation": true"#,
                "18 stages; use at most 17"
            ),
            (#""blocks": [\#(many(10_001, #"{"block": "dense"}"#))]"#, "more than 10000 blocks"),
            (nested(65), "more than 64 deep"), (nested(400), "cannot be read"),
        ])
    func numbersAreBoundedInReading(_ members: String, _ part: String) {
        expectSentence(part) { try Architecture(json: "{\(members)}".utf8) }
    }

    // Guards: the bounds are not so narrow that they refuse what there is.
    @Test func whatIsPossibleIsRead() throws {
        let image = #""image": {"height": 65536, "width": 4096, "channels": 1}"#
        #expect(try Architecture(json: #"{"blocks": [{"block": "dense"}], \#(image)}"#.utf8).image.count == 1 << 28)
        #expect(try Architecture(json: "{\(Self.nested(64))}".utf8).blocks.blocks.count == 1)
        let many = try Architecture(json: #"{"blocks": [\#(Self.many(10_000, #"{"block": "dense"}"#))]}"#.utf8)
        try many.validate()
        #expect(try Architecture(json: "{\(Self.stages(units: "100"))}".utf8).blocks.blocks.count == 103)
    }

    // Guards: extents and numbers of weights do not overflow, whatever a file or Swift code says.
    @Test(
        arguments: [
            ([ConvolutionBlock(width: largest), DenseBlock()], "cannot be"),
            ([ConvolutionBlock(width: 4, kernel: largest, stride: largest), DenseBlock()], "cannot be"),
            ([ConvolutionBlock(width: 4, kernel: .min, padding: largest), DenseBlock()], "cannot be"),
            ([ConvolutionBlock(width: 4, padding: .min), DenseBlock()], "cannot be"),
            ([UnitBlock(width: 4, stride: .min), DenseBlock()], "cannot be"),
            ([AveragePoolBlock(window: .min), DenseBlock()], "does not divide"),
            ([GroupNormalizationBlock(groups: .min), DenseBlock()], "cannot be divided"),
            ([DenseBlock(outputs: largest)], "outputs cannot be"),
            ([UnitBlock(width: 4096), DenseBlock(outputs: 65_536)], "dense block would have 274877906944 weights"),
            (
                [ConvolutionBlock(width: 4096, padding: 0), ConvolutionBlock(width: 4096, kernel: 30), DenseBlock()],
                "convolution block would have 15099494400 weights"
            ),
            (
                BlockList(
                    [ConvolutionBlock(width: 8)]
                        + (0..<200).map { _ in ConvolutionBlock(width: 8, kernel: 64, padding: 63) }),
                "268,435,456 values"
            ),
        ] as [(BlockList, String)])
    func extentsDoNotOverflow(_ blocks: BlockList, _ part: String) {
        expectSentence(part) { try Architecture(blocks).validate() }
    }

    // Guards: images and classes given in Swift are checked like those of a file.
    @Test func imagesAndClassesAreChecked() {
        var architecture = Architecture([DenseBlock()])
        architecture.image = ImageShape(height: .max, width: .max, channels: .max)
        expectSentence("cannot be; choose extents") { try architecture.validate() }
        expectSentence("outputs cannot be") { try Architecture([DenseBlock()], classes: .max).validate() }
    }

    // Guards: parameters and layers have names of their own, which checkpoints can hold.
    @Test(
        arguments: [
            (["a b"], "cannot be called 'a b'"), ([""], "cannot be called ''"), (["é"], "cannot be called 'é'"),
            (["a\u{1B}[2J"], "cannot be called 'a\\u{1b}[2J'"),
            ([String(repeating: "a", count: 101)], "1 to 100 letters"),
            (["optimizer.m"], "under 'optimizer.'"), (["optimizer"], "under 'optimizer.'"),
            (["normalization.0"], "under 'normalization.'"), (["a", "a"], "Two blocks are called 'a'"),
            (["units.0", "units.0.bn"], "begins with 'units.0.'"),
            (["units.0.bn", "units.0"], "begins with 'units.0.'"),
            (["a.b.c", "a"], "begins with 'a.'"), (["residuals.0.start", nil], "begins with 'residuals.0.'"),
        ] as [([String?], String)])
    func namesAreTheirOwn(_ names: [String?], _ part: String) {
        let blocks = names.map { name -> any Block in
            name.map { UnitBlock(width: 2, name: $0) } ?? ResidualBlock([UnitBlock(width: 2)])
        }
        let small = ImageShape(height: 4, width: 4, channels: 2)
        let architecture = Architecture(BlockList(blocks + [AveragePoolBlock(), DenseBlock()]), image: small)
        expectSentence(part) { try Network(architecture, maximumImages: 1) }
    }

    // Guards: names that only begin alike are no conflict.
    @Test func namesMayBeginAlike() throws {
        let names = ["a", "a-b", "ab.c", "ab.d", "A_1", String(repeating: "x", count: 100), "optimizers.0"]
        let blocks = names.map { UnitBlock(width: 2, name: $0) as any Block }
        let architecture = Architecture(
            BlockList(blocks + [AveragePoolBlock(), DenseBlock()]), image: ImageShape(height: 4, width: 4, channels: 2))
        #expect(try Network(architecture, maximumImages: 1).parameters.table["ab.d.conv.bias"] != nil)
    }

    // Guards: what is misspelled is said, not passed over.
    @Test(arguments: [
        (#""blocks": [], "classs": 7"#, "no setting 'classs'; it has image, classes, blocks, parameterRules"),
        (#""blocks": [], "stages": []"#, "no setting 'stages'"),
        (stages(units: "1") + #", "droput": 0.5"#, "no setting 'droput'"),
        (#""blocks": [], "parameterRules": [{"rol": "bias"}]"#, "no setting 'rol'; it has role, prefix"),
        (#""blocks": [], "parameterRules": [{"role": "biass"}]"#, "'role' that cannot be read"),
        (#""blocks": [{"block": "unit\n"}]"#, #"a 'unit\u{a}', which"#), (#""classes": 7"#, "needs 'blocks'"),
    ])
    func misspellingsAreSentences(_ members: String, _ part: String) {
        expectSentence(part) { try Architecture(json: "{\(members)}".utf8) }
    }

    // Guards: rules have numbers that training can use, and name the one that is wrong.
    @Test(arguments: [
        (ParameterRule(role: .bias, rateFactor: 1e39), "of role 'bias' has a rateFactor of 1e+39"),
        (ParameterRule(weightDecay: .infinity), "weightDecay of inf"),
        (
            ParameterRule(prefix: "a.", trainableFrom: 3, trainableUntil: 3),
            "with the prefix 'a.' is trainable from step 3"
        ),
    ])
    func rulesAreUsable(_ rule: ParameterRule, _ part: String) {
        expectSentence(part) { try Architecture([DenseBlock()], parameterRules: [rule]).validate() }
    }

    private func expectSentence<Value>(_ part: String, _ body: () throws -> Value) {
        #expect { try body() } throws: { error in
            let sentence = (error as? ArchitectureError)?.description ?? "no ArchitectureError: \(error)"
            #expect(sentence.contains(part))
            return sentence.hasSuffix(".")
        }
    }

    private static func stages(units: String, width: String = "4", side: String = "32") -> String {
        #""stages": [{"width": \#(width), "units": \#(units)}], "pooling": "max", "dropout": 0, "finalActivation": false, "#
            + #""imageSide": \#(side), "imageChannels": 3"#
    }

    private static func many(_ count: Int, _ text: String) -> String {
        Array(repeating: text, count: count).joined(separator: ",")
    }

    /// A list of blocks, `depth` lists deep.
    private static func nested(_ depth: Int) -> String {
        let start = String(repeating: #"[{"block": "residual", "branch": "#, count: depth - 1)
        return #""blocks": "# + start + "[]" + String(repeating: "}]", count: depth - 1)
    }
}
