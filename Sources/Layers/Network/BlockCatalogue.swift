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
        guard decoder.codingPath.count(where: { $0.intValue != nil }) < Self.deepest else {
            throw ArchitectureError("Blocks lie inside each other more than \(Self.deepest) deep; use fewer levels.")
        }
        var list = try decoder.unkeyedContainer()
        blocks = []
        while !list.isAtEnd {
            guard blocks.count < Self.longest else {
                throw ArchitectureError("A list has more than \(Self.longest) blocks; use fewer.")
            }
            blocks.append(try list.decode(CodedBlock.self).block)
        }
    }

    /// The most levels of lists inside lists.
    private static var deepest: Int { 64 }
    /// The most blocks of a list.
    private static var longest: Int { 10_000 }

    /// Writes a list of objects.
    public func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        for block in blocks { try list.encode(CodedBlock(block: block)) }
    }
}

/// A block as an object of its settings and its kind.
private struct CodedBlock: Codable {
    private static let kindKey = SettingKey(stringValue: "block")

    let block: any Block

    init(block: any Block) {
        self.block = block
    }

    init(from decoder: any Decoder) throws {
        let place = "Block " + decoder.codingPath.compactMap { $0.intValue.map { "\($0 + 1)" } }.joined(separator: ".")
        let catalogue = decoder.userInfo[.blockCatalogue] as? BlockCatalogue ?? .standard
        guard let settings = try? decoder.container(keyedBy: SettingKey.self),
            let kind = try? settings.decode(String.self, forKey: Self.kindKey)
        else {
            throw ArchitectureError("\(place) is no object with a \"block\", as {\"block\": \"unit\", \"width\": 64}.")
        }
        guard let type = catalogue[kind] else {
            let kinds = catalogue.kinds.joined(separator: ", ")
            throw ArchitectureError(
                "\(place) is a \(ArchitectureError.quoted(kind)), which there is not; choose one of \(kinds).")
        }
        do {
            block = try type.init(from: decoder)
        } catch let error as DecodingError {
            throw ArchitectureError("\(place), a \(kind), \(error.complaint).")
        }
        let known = Mirror(reflecting: block).children.compactMap(\.label)
        try decoder.requireSettings(known + [Self.kindKey.stringValue], of: "\(place), a \(kind),")
    }

    func encode(to encoder: any Encoder) throws {
        try block.encode(to: encoder)
        var settings = encoder.container(keyedBy: SettingKey.self)
        try settings.encode(type(of: block).kind, forKey: Self.kindKey)
    }
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
