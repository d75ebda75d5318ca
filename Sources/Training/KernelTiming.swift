/// What one pass of one layer, or another part of a training step, takes.
public struct KernelTiming: Sendable, Hashable {
    /// The layer's name, as the summary shows it, or what the part does.
    public let layer: String
    /// What is computed: the geometry of a convolution or a dense layer, the layer's kind elsewhere.
    public let work: String
    /// The pass.
    public let pass: KernelPass
    /// How the layer's products are computed: `winograd`, `im2col`, `reference` or `dense`; nil where there are none.
    public let algorithm: String?
    /// Seconds in a step, the median over the repeats.
    public let seconds: Double
    /// Those of `seconds` in which a sum over ranks, if there were others, could travel without anyone waiting.
    public let coverSeconds: Double
    /// Floating-point operations that the products of a step carry out; 0 where there are none.
    public let operations: Int
    /// Floating-point operations that they would take by their definition.
    public let directOperations: Int

    /// A timing of those parts.
    public init(
        layer: String, work: String, pass: KernelPass, algorithm: String? = nil, seconds: Double,
        coverSeconds: Double = 0, operations: Int = 0, directOperations: Int = 0
    ) {
        self.layer = layer
        self.work = work
        self.pass = pass
        self.algorithm = algorithm
        self.seconds = seconds
        self.coverSeconds = coverSeconds
        self.operations = operations
        self.directOperations = directOperations
    }
}
