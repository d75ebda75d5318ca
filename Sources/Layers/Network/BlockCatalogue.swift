/// The kinds of blocks that a file may name.
public struct BlockCatalogue: Sendable, Equatable {
    private var types: [any Block.Type]

    /// What Lockstep has.
    public static let standard = BlockCatalogue(types: [
        UnitBlock.self, ConvolutionBlock.self, BatchNormalizationBlock.self, GroupNormalizationBlock.self,
        ActivationBlock.self, MaximumPoolBlock.self, AveragePoolBlock.self, DropoutBlock.self, ResidualBlock.self,
        DenseBlock.self,
    ])

    /// This catalogue with a block of one's own.
    public func adding(_ type: any Block.Type) -> BlockCatalogue { BlockCatalogue(types: types + [type]) }

    /// The words for the blocks.
    public var kinds: [String] { types.map { $0.kind } }

    /// Whether both hold the same blocks in the same order.
    public static func == (left: BlockCatalogue, right: BlockCatalogue) -> Bool {
        left.types.map { ObjectIdentifier($0) } == right.types.map { ObjectIdentifier($0) }
    }

    /// The block that a word stands for.
    subscript(kind: String) -> (any Block.Type)? { types.first { $0.kind == kind } }
}

extension CodingUserInfoKey {
    /// Where a decoder finds the `BlockCatalogue`; without one it takes the standard one.
    public static let blockCatalogue = CodingUserInfoKey(rawValue: "lockstep.blocks")!
}

extension BlockList: Codable {
    /// Reads a list of objects, each with its kind under `"block"`.
    ///
    /// - Throws: `ArchitectureError` naming the block that cannot be read.
    public init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        blocks = []
        while !list.isAtEnd { blocks.append(try list.decode(CodedBlock.self).block) }
    }

    /// Writes a list of objects.
    public func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        for block in blocks { try list.encode(CodedBlock(block: block)) }
    }
}

/// A block as an object of its settings and its kind.
private struct CodedBlock: Codable {
    let block: any Block

    init(block: any Block) {
        self.block = block
    }

    init(from decoder: any Decoder) throws {
        let place = "Block " + decoder.codingPath.compactMap { $0.intValue.map { "\($0 + 1)" } }.joined(separator: ".")
        let catalogue = decoder.userInfo[.blockCatalogue] as? BlockCatalogue ?? .standard
        guard let settings = try? decoder.container(keyedBy: SettingKey.self),
            let kind = try? settings.decode(String.self, forKey: .block)
        else {
            throw ArchitectureError("\(place) is no object with a \"block\", as {\"block\": \"unit\", \"width\": 64}.")
        }
        guard let type = catalogue[kind] else {
            let kinds = catalogue.kinds.joined(separator: ", ")
            throw ArchitectureError("\(place) is a '\(kind)', which there is not; choose one of \(kinds).")
        }
        do {
            block = try type.init(from: decoder)
        } catch let error as DecodingError {
            throw ArchitectureError("\(place), a \(kind), \(error.complaint).")
        }
        // What a block does not know is a mistake of spelling, not something to pass over.
        let known = Mirror(reflecting: block).children.compactMap(\.label)
        for key in settings.allKeys where key != .block && !known.contains(key.stringValue) {
            throw ArchitectureError(
                "\(place), a \(kind), has no setting '\(key.stringValue)'; it has \(known.joined(separator: ", ")).")
        }
    }

    func encode(to encoder: any Encoder) throws {
        try block.encode(to: encoder)
        var settings = encoder.container(keyedBy: SettingKey.self)
        try settings.encode(type(of: block).kind, forKey: .block)
    }
}

/// A setting of a block by its name.
private struct SettingKey: CodingKey, Equatable {
    static let block = SettingKey(stringValue: "block")

    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension DecodingError {
    /// What is wrong, as the end of a sentence.
    var complaint: String {
        switch self {
        case .keyNotFound(let key, _): "needs '\(key.stringValue)'"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.codingPath.last.map { "has a '\($0.stringValue)' that cannot be read" } ?? "cannot be read"
        @unknown default: "cannot be read"
        }
    }
}
