import Kernels
import Tensors

/// One step of a network on one rank. A layer owns its output; gradients lie in two buffers that all layers use in turn.
public protocol Layer: AnyObject {
    /// The name in the summary and the start of its parameters' names, as `units.3`.
    var name: String { get }
    /// The kind in the summary, as `Conv2D`-like words.
    var kind: String { get }
    /// The extents of one image's output.
    var outputShape: Shape { get }
    /// Its trainable parameters, in the order of the flat block.
    var parameters: [Parameter] { get }
    /// Its running statistics.
    var statistics: [Parameter] { get }
    /// Its products of matrices, if it has any: most of a network's arithmetic.
    var product: LayerProduct? { get }
    /// What it does with the sums that a batch normalisation of its input starts from.
    var inputMoments: MomentsUse { get }
    /// Whether `prepareBackward` has work to do.
    var preparesBackward: Bool { get }

    /// The output for `context.images` images without learning; the tensor belongs to the layer and is overwritten by the
    /// next call.
    func infer(_ input: Activations, _ context: InferenceContext) -> Activations

    /// The same in training: whatever backward needs is kept, and `context.takingMoments` may take what the next layer needs
    /// while the output is in cache.
    func forward(_ input: Activations, _ context: TrainingContext) throws -> Activations

    /// Makes what backward needs of the weights, if that is not there yet. Called for the next layer of backward while this
    /// rank waits for others.
    func prepareBackward(_ memory: NetworkMemory)

    /// The gradient by the input of the preceding forward; leaves the parameters' partial sums in the store. The
    /// tensor is overwritten by the layer before the one before.
    func backward(_ outputGradient: Gradient, _ context: TrainingContext) throws -> Gradient
}

/// What a layer does with the sums of its input over granules, Σx and Σx² per channel.
public enum MomentsUse: Sendable {
    /// Nothing.
    case unused
    /// It normalises by them.
    case needed
    /// It hands its input on as it is, and the sums with it.
    case handedOn
}

/// The products of a layer by their geometry.
public enum LayerProduct: Hashable, Sendable {
    /// A convolution.
    case convolution(ConvolutionProblem)
    /// Every input by every output.
    case dense(inputs: Int, outputs: Int)
}

extension Layer {
    /// No parameters, unless a layer says otherwise.
    public var parameters: [Parameter] { [] }
    /// No running statistics, unless a layer says otherwise.
    public var statistics: [Parameter] { [] }
    /// No products, unless a layer says otherwise.
    public var product: LayerProduct? { nil }
    /// Not normalised, unless a layer says otherwise.
    public var inputMoments: MomentsUse { .unused }
    /// Nothing to prepare, unless a layer says otherwise.
    public var preparesBackward: Bool { false }

    /// Nothing to prepare, unless a layer says otherwise.
    public func prepareBackward(_ memory: NetworkMemory) {}

    /// The same as without learning, unless a layer says otherwise.
    public func forward(_ input: Activations, _ context: TrainingContext) throws -> Activations {
        infer(input, context.inference)
    }
}

/// What one layer hands to the next on the way forward.
public struct Activations {
    /// The values, `[images, …]`.
    public let tensor: Tensor
    /// This rank's sums for the batch normalisation that follows, if they were taken while the values were in cache;
    /// laid out as `BatchNormalization` asks for them.
    let moments: [Double]?

    /// Values, with the sums where they are known.
    public init(_ tensor: Tensor) {
        self.init(tensor, moments: nil)
    }

    init(_ tensor: Tensor, moments: [Double]?) {
        self.tensor = tensor
        self.moments = moments
    }

    /// The first of the values that belongs to an image of `shape`.
    public func image(_ image: Int, of shape: Shape) -> UnsafeMutablePointer<Float> {
        tensor.pointer + image * shape.count
    }
}

/// What one layer hands to the one before it on the way back.
public struct Gradient {
    /// The values, `[images, …]`; final only without a correction.
    let tensor: Tensor
    /// What is still to be done to every value by whoever reads it.
    let correction: OutputGradient.Correction?

    /// A complete gradient.
    public init(_ tensor: Tensor) {
        self.init(tensor, correction: nil)
    }

    init(_ tensor: Tensor, correction: OutputGradient.Correction?) {
        self.tensor = tensor
        self.correction = correction
    }

    /// The same memory, once the gradient of every image is completed there.
    public var finished: Gradient { Gradient(tensor) }

    /// The gradient from some element on, for kernels that complete it while reading.
    func from(_ element: Int) -> OutputGradient {
        OutputGradient(tensor.pointer, correction: correction).advanced(by: element)
    }

    /// Completes the gradient of some images of `shape`, once, in place, and returns the first of their values.
    @discardableResult
    public func completed(_ images: Range<Int>, shape: Shape) -> UnsafeMutablePointer<Float> {
        let first = images.lowerBound * shape.count
        guard correction != nil else { return tensor.pointer + first }
        let pixels = shape.count / shape[shape.rank - 1]
        from(first).complete(
            pixels: images.count * pixels, channels: shape[shape.rank - 1], into: tensor.pointer + first,
            targetStride: shape[shape.rank - 1])
        return tensor.pointer + first
    }
}
