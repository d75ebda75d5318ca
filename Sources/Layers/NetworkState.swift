import Kernels
import Tensors

/// The memory the layers of one network share. Filled in once all layers have declared their parameters.
final class NetworkState {
    /// Weights and gradients.
    var store: ParameterStore!
    /// The flat block of running statistics.
    var statistics: Tensor!
    /// Scratch memory of the kernels.
    let workspace = Workspace()
}
