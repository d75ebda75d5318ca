import Tensors

/// One step of the network. A layer owns its output and gradient buffers, made once for the largest batch.
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

    /// Called once after the weights changed, before the next forward.
    func prepare()

    /// The output for `pass.images` images; the tensor belongs to the layer and is overwritten by the next call.
    func forward(_ input: Tensor, _ pass: Pass) throws -> Tensor

    /// The gradient by the input of the preceding forward; leaves the parameters' partial sums in the store.
    func backward(_ outputGradient: Tensor, _ pass: Pass) throws -> Tensor
}

extension Layer {
    /// No parameters, unless a layer says otherwise.
    public var parameters: [Parameter] { [] }
    /// No running statistics, unless a layer says otherwise.
    public var statistics: [Parameter] { [] }
    /// Nothing to prepare, unless a layer says otherwise.
    public func prepare() {}
}
