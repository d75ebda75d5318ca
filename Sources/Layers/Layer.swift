import Tensors

/// One step of the network. A layer owns its output; gradients lie in two buffers that all layers use in turn.
public protocol Layer: AnyObject {
    /// The name in the summary.
    var name: String { get }
    /// The kind in the summary, as `Conv2D`-like words.
    var kind: String { get }
    /// The extents of one image's output.
    var outputShape: Shape { get }
    /// Its trainable parameters, in the order of the flat block.
    var parameters: [Parameter] { get }
    /// Its running statistics.
    var statistics: [Parameter] { get }

    /// The output for `pass.images` images; the tensor belongs to the layer and is overwritten by the next call.
    func forward(_ input: Activations, _ pass: Pass) throws -> Activations

    /// The gradient by the input of the preceding forward; leaves the parameters' partial sums in the store. The
    /// tensor is overwritten by the layer before the one before.
    func backward(_ outputGradient: Gradient, _ pass: Pass) throws -> Gradient
}

extension Layer {
    /// No parameters, unless a layer says otherwise.
    public var parameters: [Parameter] { [] }
    /// No running statistics, unless a layer says otherwise.
    public var statistics: [Parameter] { [] }
}
