import Foundation
import Tensors

/// A network as data: the images it takes, the classes it tells apart, and its blocks. The same data in a file, in a
/// plan and in a checkpoint make the same network.
public struct Architecture: Hashable, Sendable {
    /// The extents of an image.
    public var image: ImageShape
    /// The number of classes.
    public var classes: Int
    /// The blocks, first to last.
    public var blocks: BlockList
    /// What is said of single parameters, the later rule over the earlier one.
    public var parameterRules: [ParameterRule]

    /// An architecture of those blocks, for images and classes of CIFAR-10 unless others are given.
    public init(
        _ blocks: BlockList, image: ImageShape = ImageShape(height: 32, width: 32, channels: 3), classes: Int = 10,
        parameterRules: [ParameterRule] = []
    ) {
        self.image = image
        self.classes = classes
        self.blocks = blocks
        self.parameterRules = parameterRules
    }

    /// Makes the network take images of a shape in so many classes.
    public mutating func take(_ image: ImageShape, classes: Int) {
        self.image = image
        self.classes = classes
    }

    /// Checks that the network can be built.
    ///
    /// - Throws: `ArchitectureError` naming the first impossible part.
    public func validate() throws(ArchitectureError) {
        guard classes > 1 else {
            throw ArchitectureError("A network cannot learn \(classes) classes; use two or more.")
        }
        guard !blocks.blocks.isEmpty else {
            throw ArchitectureError("The network has no blocks; give at least a dense one, which is a classifier.")
        }
        if let complaint = image.complaint { throw ArchitectureError(complaint) }
        if let staged { try staged.validate(for: image) }
        let output = try blocks.outputShape(of: image, classes: classes)
        guard output == ImageShape(height: 1, width: 1, channels: classes) else {
            throw ArchitectureError(
                "The network ends with \(output) values for an image, not one for each of \(classes) classes; let it end "
                    + "with a dense block without 'outputs'.")
        }
        guard parameterRules.count <= 1000 else {
            throw ArchitectureError("The network has \(parameterRules.count) rules for parameters; use at most 1000.")
        }
        for rule in parameterRules { try rule.validate() }
    }
}

extension Architecture: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case image, classes, blocks, parameterRules
    }

    /// Reads an architecture, over the one at `CodingUserInfoKey.usualArchitecture` if there is one; also what plans before blocks have, the settings of a `StagedNetwork` and of its images.
    ///
    /// - Throws: `ArchitectureError` or `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let usual = decoder.userInfo[.usualArchitecture] as? Architecture
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if values.contains(.blocks) {
            try decoder.requireSettings(CodingKeys.allCases.map(\.stringValue), of: "The network")
            self.init(try values.decode(BlockList.self, forKey: .blocks))
            image = try Self.image(values) ?? usual?.image ?? image
            parameterRules = try values.decodeIfPresent([ParameterRule].self, forKey: .parameterRules) ?? []
        } else if StagedNetwork.isHeld(by: decoder) {
            try decoder.requireSettings(StagedNetwork.settings, of: "The network")
            self.init(try StagedNetwork(from: decoder).blocks)
            image = try StagedNetwork.image(from: decoder) ?? usual?.image ?? image
        } else {
            throw ArchitectureError("The network needs 'blocks', a list as 'lockstep summary --json' prints one.")
        }
        classes = try values.decodeIfPresent(Int.self, forKey: .classes) ?? usual?.classes ?? classes
    }

    /// The images, if they are said.
    private static func image(_ values: KeyedDecodingContainer<CodingKeys>) throws -> ImageShape? {
        do {
            return try values.decodeIfPresent(ImageShape.self, forKey: .image)
        } catch DecodingError.dataCorrupted(let context) where context.codingPath.last?.stringValue == "image" {
            // Numbers that are read but cannot be: the image says what is wrong.
            throw ArchitectureError(context.debugDescription)
        }
    }

    /// Writes it; rules only if there are any.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(image, forKey: .image)
        try values.encode(classes, forKey: .classes)
        try values.encode(blocks, forKey: .blocks)
        if !parameterRules.isEmpty { try values.encode(parameterRules, forKey: .parameterRules) }
    }

    /// The blocks and the rules as a file, for reading and changing; images and classes follow the data.
    public var fileText: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        // Encoding fails only for numbers that JSON has no form for, which `validate` refuses.
        return (try? encoder.encode(File(blocks: blocks, parameterRules: parameterRules))).map {
            String(decoding: $0, as: UTF8.self)
        } ?? "{}"
    }

    /// What a file holds that follows the data.
    private struct File: Encodable {
        let blocks: BlockList
        let parameterRules: [ParameterRule]
    }

    /// Reads an architecture from JSON, as in a file.
    ///
    /// - Parameter usual: has the images and classes that the file leaves out.
    /// - Throws: `ArchitectureError` in a sentence about the first part that cannot be read.
    public init(
        json: some Sequence<UInt8>, over usual: Architecture = .article, blocks: BlockCatalogue = .standard
    ) throws(ArchitectureError) {
        let decoder = JSONDecoder()
        decoder.userInfo[.usualArchitecture] = usual
        decoder.userInfo[.blockCatalogue] = blocks
        do {
            self = try decoder.decode(Architecture.self, from: Data(json))
        } catch let error as ArchitectureError {
            throw error
        } catch let error as DecodingError {
            throw ArchitectureError("The network \(error.complaint).")
        } catch {
            throw ArchitectureError("The network cannot be read.")
        }
    }
}

extension CodingUserInfoKey {
    /// Where a decoder finds the architecture whose images and classes count where a file says nothing of them.
    static let usualArchitecture = CodingUserInfoKey(rawValue: "lockstep.architecture")!
}
