import Kernels
import Tensors

/// What blocks make layers with: it knows what arrives at a block, names layers, and gathers what they need.
public struct LayerBuilder {
    /// The extents of an image that arrives at the next block.
    public internal(set) var input: ImageShape
    /// The classes that the network tells apart.
    public let classes: Int
    /// The most images that this rank holds of a batch, in training or inference.
    public let maximumImages: Int
    /// The granules of a global batch.
    public let granuleCount: Int
    /// The threads that share the work.
    public let workers: Int
    let convolution: ConvolutionChoice
    let normalization: NormalizationMode
    private let rules: [ParameterRule]
    private var places: [String: Int] = [:]
    private var names = BlockNames()
    private(set) var parameters = ParameterTable()
    private(set) var statistics = ParameterTable()
    /// The floats of the largest transformed weights.
    private(set) var operandCount = 0
    /// The floats of scratch memory that a worker needs.
    private(set) var scratchCount = 0

    init(
        _ architecture: Architecture, maximumImages: Int, granuleCount: Int, workers: Int,
        convolution: ConvolutionChoice, normalization: NormalizationMode
    ) {
        input = architecture.image
        classes = architecture.classes
        rules = architecture.parameterRules
        self.maximumImages = maximumImages
        self.granuleCount = granuleCount
        self.workers = workers
        self.convolution = convolution
        self.normalization = normalization
    }

    /// The block's own name, or its group's with the next number: `units.0`, `units.1`.
    ///
    /// - Throws: `ArchitectureError` when that is no name, or another block has it or one that begins with it.
    public mutating func name(_ block: some Block, group: String) throws(ArchitectureError) -> String {
        try names.take(block.name, group: group)
    }

    /// Adds a trainable parameter behind the others; its name is the block's, a dot and more.
    public mutating func declare(
        _ name: String, _ shape: Shape, role: ParameterRole, layout: ParameterLayout = .plain
    ) -> Parameter {
        var settings = ParameterSettings()
        for rule in rules { rule.apply(to: &settings, of: name, role) }
        return parameters.declare(name, shape, role: role, layout: layout, settings: settings)
    }

    /// Adds a running statistic behind the others.
    mutating func declareStatistic(_ name: String, _ shape: Shape) -> Parameter {
        statistics.declare(name, shape, role: .statistic)
    }

    /// Checks, when all parameters are declared, that each rule is meant for at least one.
    ///
    /// - Throws: `ArchitectureError` naming a rule that changes nothing.
    func requireUsedRules() throws(ArchitectureError) {
        for rule in rules where !parameters.parameters.contains(where: { rule.isMeant(for: $0.name, $0.role) }) {
            throw ArchitectureError(
                "\(rule.subject) is for none of the network's parameters; 'lockstep summary' names those there are.")
        }
    }

    /// Room for one value an element of the largest batch's output.
    public func output(_ shape: Shape) throws(ResourceError) -> Tensor {
        try Tensor(allocating: Shape([maximumImages] + shape.dimensions))
    }

    /// The number of those before it that asked for a place among `group`: what tells random draws of several layers apart.
    public mutating func takePlace(in group: String) -> Int {
        defer { places[group, default: 0] += 1 }
        return places[group, default: 0]
    }

    /// Makes room for what a convolution needs.
    mutating func reserve(_ algorithm: any ConvolutionAlgorithm) {
        operandCount = max(operandCount, algorithm.operandCount)
        scratchCount = max(scratchCount, algorithm.scratchCount)
    }

    /// The layers of some blocks, one behind the other; afterwards `input` is what leaves the last.
    ///
    /// - Throws: `ArchitectureError` when a block cannot take what arrives; `ResourceError`.
    public mutating func makeLayers(_ blocks: BlockList) throws -> [any Layer] {
        var layers: [any Layer] = []
        for block in blocks.blocks {
            let output = try block.outputShape(of: input, classes: classes)
            layers += try block.makeLayers(&self)
            input = output
        }
        return layers
    }
}
