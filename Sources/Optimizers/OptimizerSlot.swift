import Tensors

/// One named block of an optimiser's state, laid out like the parameters it belongs to.
public struct OptimizerSlot: Sendable {
    /// The name by which checkpoints know it, as `momentum`; it holds no dot.
    public let name: String
    /// One number for each element of the parameters' flat block; zeros before the first step.
    public let block: Tensor

    /// A slot of zeros for parameters in `table`.
    init(name: String, table: ParameterTable) throws(ResourceError) {
        self.name = name
        block = try Tensor(allocating: [table.blockCount])
    }
}
