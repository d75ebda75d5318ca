import Kernels
import Tensors

/// What layers declare themselves into while a network is being made.
struct NetworkBuilder {
    let state: NetworkState
    var parameters = ParameterTable()
    var statistics = ParameterTable()
    /// The most images a batch holds on this rank.
    let maximumImages: Int
    /// The granules of a global batch.
    let granuleCount: Int
    let convolution: ConvolutionChoice
    let normalization: NormalizationMode

    /// Room for one value an element of the largest batch's output.
    func output(_ shape: Shape) throws(ResourceError) -> Tensor {
        try Tensor(allocating: Shape([maximumImages] + shape.dimensions))
    }

    /// Makes room for gradients of that shape.
    func reserveGradient(_ shape: Shape) throws(ResourceError) {
        try state.reserveGradient(maximumImages * shape.count)
    }
}
