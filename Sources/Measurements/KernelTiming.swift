import Kernels
import Layers

/// Which part of a training step something belongs to.
public enum KernelPass: String, Sendable, CaseIterable {
    /// From the images to the logits, the weights' transformation included.
    case forward
    /// From the gradient by the logits to the gradients by everything before it, another transformation included: that of
    /// the unit that comes next in backward.
    case backward
    /// What belongs to no layer: the loss, the exchange of gradients, the optimiser.
    case rest
}

extension KernelPass {
    /// The pass of a layer in one direction.
    init(_ direction: StepPart.Direction) {
        self = direction == .forward ? .forward : .backward
    }
}

extension ProductArithmetic {
    /// The operations of one image in a pass; none where there are no products.
    func operations(in pass: KernelPass) -> Int {
        switch pass {
        case .forward: forward
        case .backward: backward
        case .rest: 0
        }
    }
}

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
