/// The extents of a tensor, outermost first. Images are `[count, height, width, channels]` (NHWC).
public struct Shape: Hashable, Sendable, Codable, CustomStringConvertible, ExpressibleByArrayLiteral {
    /// The extent of each dimension, outermost first.
    public let dimensions: [Int]

    /// A shape of the given extents; none may be negative.
    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "a shape has no negative extent")
        self.dimensions = dimensions
    }

    /// A shape written as an array literal.
    public init(arrayLiteral elements: Int...) {
        self.init(elements)
    }

    /// The number of elements: the product of the extents.
    public var count: Int { dimensions.reduce(1, *) }

    /// The number of dimensions.
    public var rank: Int { dimensions.count }

    /// The extent of one dimension.
    public subscript(dimension: Int) -> Int { dimensions[dimension] }

    /// The extents joined by a multiplication sign, `32×32×3`.
    public var description: String { dimensions.map(String.init).joined(separator: "×") }
}
