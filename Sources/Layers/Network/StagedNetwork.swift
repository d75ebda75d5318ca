import Tensors

/// The networks of the article: stages of units with pooling between them. They are written as blocks, and blocks that are
/// such a network are recognised as one.
public struct StagedNetwork: Hashable, Sendable, Codable {
    /// Some units of one width.
    public struct Stage: Hashable, Sendable, Codable {
        /// Output channels of every unit.
        public var width: Int
        /// How many units.
        public var units: Int

        /// A stage of `units` units of `width` channels.
        public init(width: Int, units: Int) {
            self.width = width
            self.units = units
        }
    }

    /// What halves the image between stages.
    public enum PoolingKind: String, Sendable, Codable, CaseIterable {
        /// The largest of each 2×2 field.
        case max
        /// The mean of each 2×2 field.
        case average
        /// A further unit whose convolution has stride 2.
        case strided
    }

    /// The stages, first to last.
    public var stages: [Stage]
    /// What stands between stages.
    public var pooling: PoolingKind
    /// The share of elements dropped before the last pooling, in [0, 1).
    public var dropout: Double
    /// Whether BN and ReLU follow the last convolution.
    public var finalActivation: Bool

    /// A network of those parts.
    public init(stages: [Stage], pooling: PoolingKind = .max, dropout: Double = 0.5, finalActivation: Bool = false) {
        self.stages = stages
        self.pooling = pooling
        self.dropout = dropout
        self.finalActivation = finalActivation
    }

    /// Reads one whose blocks can be written down.
    ///
    /// - Throws: `ArchitectureError` naming the first impossible stage; `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        stages = try values.decode([Stage].self, forKey: .stages)
        pooling = try values.decode(PoolingKind.self, forKey: .pooling)
        dropout = try values.decode(Double.self, forKey: .dropout)
        finalActivation = try values.decode(Bool.self, forKey: .finalActivation)
        try validateStages()
    }

    /// The network of the article: 64×3, 128×3, 256×3.
    public static let article = StagedNetwork(stages: [
        Stage(width: 64, units: 3), Stage(width: 128, units: 3), Stage(width: 256, units: 3),
    ])

    /// The blocks, first to last.
    public var blocks: BlockList {
        var blocks: [any Block] = []
        for (index, stage) in stages.enumerated() {
            if index > 0 { blocks.append(pool(behind: stages[index - 1])) }
            for _ in 0..<stage.units { blocks.append(UnitBlock(width: stage.width)) }
        }
        if finalActivation { blocks.append(BatchNormalizationBlock(rectifies: true, name: "final_bn")) }
        blocks.append(DropoutBlock(rate: dropout, name: "dropout"))
        blocks.append(AveragePoolBlock(name: "average"))
        blocks.append(DenseBlock(name: "classifier"))
        return BlockList(blocks)
    }

    private func pool(behind stage: Stage) -> any Block {
        switch pooling {
        case .max: MaximumPoolBlock()
        case .average: AveragePoolBlock(window: 2)
        case .strided: UnitBlock(width: stage.width, stride: 2)
        }
    }

    /// The staged network that some blocks are; nil where they are another.
    public init?(_ list: BlockList) {
        self.init(stages: [])
        var isNewStage = true
        for block in list.blocks {
            switch block {
            case let unit as UnitBlock where unit.stride == 1:
                if isNewStage { stages.append(Stage(width: unit.width, units: 0)) }
                stages[stages.count - 1].units += 1
                isNewStage = false
            case is UnitBlock: (pooling, isNewStage) = (.strided, true)
            case is MaximumPoolBlock: (pooling, isNewStage) = (.max, true)
            case let pool as AveragePoolBlock where pool.window == 2: (pooling, isNewStage) = (.average, true)
            case is BatchNormalizationBlock: finalActivation = true
            case let dropout as DropoutBlock: self.dropout = dropout.rate
            default: break
            }
        }
        guard blocks == list else { return nil }
    }

    /// Reads stages written as `64x3,128x3,256x3`.
    public static func parseStages(_ text: String) throws(ArchitectureError) -> [Stage] {
        var stages: [Stage] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
            guard numbers.count == 2, let width = numbers[0], let units = numbers[1] else {
                throw ArchitectureError(
                    "'\(part)' is not a stage; write WIDTHxUNITS and commas between stages, as 64x3,128x3,256x3.")
            }
            stages.append(Stage(width: width, units: units))
        }
        return stages
    }

    /// The stages as text, `64x3,128x3,256x3`.
    public var stagesText: String { stages.map { "\($0.width)x\($0.units)" }.joined(separator: ",") }

    /// Checks that the network can be built for images of a shape.
    ///
    /// - Throws: `ArchitectureError` naming the first impossible stage.
    public func validate(for image: ImageShape) throws(ArchitectureError) {
        try validateStages()
        guard (0..<1).contains(dropout) else { throw DropoutBlock.impossible(dropout) }
        var (height, width) = (image.height, image.width)
        for index in 1..<stages.count {
            guard height % 2 == 0, width % 2 == 0 else {
                throw ArchitectureError(
                    "Stage \(index + 1) would halve an image of \(height)×\(width); use at most \(index) stages for "
                        + "\(image.height)×\(image.width) images.")
            }
            (height, width) = (height / 2, width / 2)
        }
    }

    /// Checks the stages by themselves.
    private func validateStages() throws(ArchitectureError) {
        guard !stages.isEmpty else { throw ArchitectureError("The network has no stages; give at least one, as 64x3.") }
        guard stages.count <= Self.mostStages else {
            throw ArchitectureError("The network has \(stages.count) stages; use at most \(Self.mostStages).")
        }
        for (index, stage) in stages.enumerated() {
            guard (1...4096).contains(stage.width) else {
                throw ArchitectureError("Stage \(index + 1) has \(stage.width) channels; choose between 1 and 4096.")
            }
            guard (1...100).contains(stage.units) else {
                throw ArchitectureError("Stage \(index + 1) has \(stage.units) units; choose between 1 and 100.")
            }
        }
    }

    /// As often as the largest image can be halved, and one.
    private static let mostStages = 17

    /// What plans before blocks say of a network.
    static let settings = [
        "stages", "pooling", "dropout", "finalActivation", "imageSide", "imageChannels", "classes",
    ]

    /// Whether a decoder holds the settings of such a network, as plans before blocks do.
    static func isHeld(by decoder: any Decoder) -> Bool {
        (try? decoder.container(keyedBy: CodingKeys.self).contains(.stages)) ?? false
    }

    private enum ImageKeys: String, CodingKey {
        case imageSide, imageChannels
    }

    /// The square images that stand beside the settings in plans before blocks.
    ///
    /// - Throws: `ArchitectureError` when no image has those extents; `DecodingError`.
    static func image(from decoder: any Decoder) throws -> ImageShape? {
        let values = try decoder.container(keyedBy: ImageKeys.self)
        guard let side = try values.decodeIfPresent(Int.self, forKey: .imageSide),
            let channels = try values.decodeIfPresent(Int.self, forKey: .imageChannels)
        else { return nil }
        if let complaint = ImageShape.complaint(height: side, width: side, channels: channels) {
            throw ArchitectureError(complaint)
        }
        return ImageShape(height: side, width: side, channels: channels)
    }
}

extension Architecture {
    /// The network of the article.
    public static let article = Architecture(StagedNetwork.article)

    /// The blocks of a staged network.
    public init(
        _ staged: StagedNetwork, image: ImageShape = ImageShape(height: 32, width: 32, channels: 3), classes: Int = 10
    ) {
        self.init(staged.blocks, image: image, classes: classes)
    }

    /// The staged network that the blocks are; nil where they are another. Setting one replaces the blocks.
    public var staged: StagedNetwork? {
        get { StagedNetwork(blocks) }
        set { if let newValue { blocks = newValue.blocks } }
    }

    /// The network in few words: the stages if it has any, as `64x3,128x3,256x3`.
    public var text: String { staged?.stagesText ?? "\(blocks.blocks.count) blocks" }
}
