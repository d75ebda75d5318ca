import Failures
import Tensors

/// One entry of a network's description: data that is printed, parsed and kept in checkpoints, and that makes its layers.
///
/// In a file it is an object of its stored properties and of `"block"` with its kind. A new block is one file with the
/// struct and its layer, and a line in `BlockCatalogue`.
public protocol Block: Codable, Hashable, Sendable {
    /// The word by which files know this kind of block, as `unit`.
    static var kind: String { get }
    /// The name of its layer and the start of its parameters' names; nil for a group's name and a number.
    var name: String? { get }

    /// The extents of an image behind the block.
    ///
    /// - Throws: `ArchitectureError` when it cannot take images of `input`, or cannot be built at all.
    func outputShape(of input: ImageShape, classes: Int) throws(ArchitectureError) -> ImageShape

    /// Declares parameters and makes the layers, first to last, for images of `builder.input`.
    ///
    /// - Throws: `ResourceError` when the system refuses the memory; `ArchitectureError` where it holds other blocks.
    func makeLayers(_ builder: inout LayerBuilder) throws -> [any Layer]
}

extension Block {
    /// Checks that so many weights are not too many for one block.
    ///
    /// - Throws: `ArchitectureError` when they are.
    func requireWeights(_ count: Int) throws(ArchitectureError) {
        guard count <= 1 << 31 else {
            throw ArchitectureError(
                "A \(Self.kind) block would have \(count) weights, and can have at most \(1 << 31); choose fewer outputs or "
                    + "a smaller input.")
        }
    }
}

/// Blocks one behind the other.
public struct BlockList: Hashable, Sendable, ExpressibleByArrayLiteral {
    /// The blocks, first to last.
    public var blocks: [any Block]

    /// A list of those blocks.
    public init(_ blocks: [any Block]) {
        self.blocks = blocks
    }

    /// Blocks written as an array literal.
    public init(arrayLiteral elements: any Block...) {
        self.init(elements)
    }

    /// The extents of an image behind the last block.
    ///
    /// - Throws: `ArchitectureError` naming the first block that cannot be built.
    public func outputShape(of input: ImageShape, classes: Int) throws(ArchitectureError) -> ImageShape {
        var shape = input
        for block in blocks {
            shape = try block.outputShape(of: shape, classes: classes)
            if let complaint = shape.complaint { throw ArchitectureError(complaint) }
        }
        return shape
    }

    /// Whether both hold equal blocks in the same order.
    public static func == (left: BlockList, right: BlockList) -> Bool {
        left.blocks.map { AnyHashable($0) } == right.blocks.map { AnyHashable($0) }
    }

    /// Hashes the blocks in their order.
    public func hash(into hasher: inout Hasher) {
        for block in blocks { hasher.combine(AnyHashable(block)) }
    }
}

/// A network that cannot be built; the description says what is wrong and what to do.
public struct ArchitectureError: ExplainedError, Equatable {
    /// The options ask for it.
    public var exitCode: ExitCode { .usage }
    /// The sentence.
    public let description: String

    /// An error with that sentence.
    public init(_ description: String) { self.description = description }
}
