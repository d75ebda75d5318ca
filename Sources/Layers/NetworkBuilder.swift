import Kernels
import Tensors

/// What layers declare themselves into while a network is being made.
struct NetworkBuilder {
    let state = NetworkState()
    var parameters = ParameterTable()
    var statistics = ParameterTable()
    /// The most images a batch holds on this rank.
    let maximumImages: Int
    /// The granules of a global batch.
    let granuleCount: Int
    let convolution: ConvolutionChoice
    let normalization: NormalizationMode
}
