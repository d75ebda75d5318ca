import Kernels

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
