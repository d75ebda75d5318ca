import Tensors

/// The shape of a network as data: stages of units with pooling between them.
public struct Architecture: Hashable, Sendable, Codable {
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
    /// The side of an image.
    public var imageSide = 32
    /// The channels of an image.
    public var imageChannels = 3
    /// The number of classes.
    public var classes = 10

    /// An architecture of those parts.
    public init(stages: [Stage], pooling: PoolingKind = .max, dropout: Double = 0.5, finalActivation: Bool = false) {
        self.stages = stages
        self.pooling = pooling
        self.dropout = dropout
        self.finalActivation = finalActivation
    }

    /// The network of the article: 64×3, 128×3, 256×3.
    public static let article = Architecture(stages: [
        Stage(width: 64, units: 3), Stage(width: 128, units: 3), Stage(width: 256, units: 3),
    ])

    /// The named architectures.
    public static let named: [String: Architecture] = {
        var activated = article
        activated.finalActivation = true
        return ["article": article, "article-final-activation": activated]
    }()

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

    /// Checks that the network can be built.
    ///
    /// - Throws: `ArchitectureError` naming the first impossible part.
    public func validate() throws(ArchitectureError) {
        guard !stages.isEmpty else { throw ArchitectureError("The network has no stages; give at least one, as 64x3.") }
        for (index, stage) in stages.enumerated() {
            guard (1...4096).contains(stage.width) else {
                throw ArchitectureError(
                    "Stage \(index + 1) has \(stage.width) channels; choose between 1 and 4096.")
            }
            guard (1...100).contains(stage.units) else {
                throw ArchitectureError("Stage \(index + 1) has \(stage.units) units; choose between 1 and 100.")
            }
        }
        guard (0..<1).contains(dropout) else {
            throw ArchitectureError("A dropout of \(dropout) is impossible; choose at least 0 and less than 1.")
        }
        guard imageSide > 0, imageChannels > 0, classes > 1 else {
            throw ArchitectureError(
                "Images of \(imageSide)×\(imageSide)×\(imageChannels) in \(classes) classes cannot be learnt.")
        }
        var side = imageSide
        for index in 1..<stages.count {
            guard side % 2 == 0, side > 1 else {
                throw ArchitectureError(
                    "Stage \(index + 1) would halve an image of \(side)×\(side); use at most \(index) stages for "
                        + "\(imageSide)×\(imageSide) images.")
            }
            side /= 2
        }
    }

    /// The extents of an image, which is square.
    public var image: ImageShape { ImageShape(height: imageSide, width: imageSide, channels: imageChannels) }

    /// Makes the network take images of a shape in so many classes.
    ///
    /// - Throws: `ArchitectureError` when they are not square.
    public mutating func take(_ image: ImageShape, classes: Int) throws(ArchitectureError) {
        guard image.height == image.width else {
            throw ArchitectureError("Images of \(image) are not square; scale them to as many rows as columns.")
        }
        (imageSide, imageChannels) = (image.height, image.channels)
        self.classes = classes
    }

    /// The stages as text, `64x3,128x3,256x3`.
    public var stagesText: String { stages.map { "\($0.width)x\($0.units)" }.joined(separator: ",") }
}
