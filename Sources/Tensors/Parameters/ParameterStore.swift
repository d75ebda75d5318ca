/// The trainable state of a network: one flat block of values, and one flat block of gradient sums per granule subtree.
///
/// Backward leaves this rank's partial sums in `gradientPartials`, one block per subtree of its granules; the exchange
/// turns them into the sum over the global batch in `gradients`.
public final class ParameterStore: @unchecked Sendable {
    /// Names and places.
    public let table: ParameterTable
    /// The values, `table.blockCount` elements.
    public let values: Tensor
    /// This rank's gradient sums, one flat block per subtree it holds.
    public let gradientPartials: [Tensor]

    /// Zeroed values and gradients; `subtreeCount` is at least 1.
    ///
    /// - Throws: `ResourceError` when the system refuses the memory.
    public init(table: ParameterTable, subtreeCount: Int) throws(ResourceError) {
        precondition(subtreeCount > 0)
        self.table = table
        values = try Tensor(allocating: [table.blockCount])
        gradientPartials = try (0..<subtreeCount).map { _ throws(ResourceError) in
            try Tensor(allocating: [table.blockCount])
        }
    }

    /// The gradient over the global batch once the exchange has finished; the same memory as the first partial.
    public var gradients: Tensor { gradientPartials[0] }

    /// The values of one parameter.
    public func values(of parameter: Parameter) -> UnsafeMutablePointer<Float> {
        values.pointer + parameter.range.lowerBound
    }
}
