/// What a convolution does to its input while loading it: `max(floor, x · scale + shift)` per channel.
///
/// This is batch normalisation and ReLU folded into two numbers a channel, so that a unit BN → ReLU → Conv is one pass
/// over memory. Zero padding applies to the activated input: a padded position is 0, not `max(0, shift)`. A floor of −∞ leaves the ReLU out.
public struct InputActivation {
    /// γ/σ per channel.
    public let scale: UnsafePointer<Float>
    /// β − μγ/σ per channel.
    public let shift: UnsafePointer<Float>
    /// What smaller values become: 0 for a ReLU, −∞ without one.
    public let floor: Float

    /// The activation with those factors; the memory must outlive the use.
    public init(scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, rectifies: Bool = true) {
        self.scale = scale
        self.shift = shift
        floor = rectifies ? 0 : -.infinity
    }

    /// The activation of one element.
    @inline(__always)
    func apply(_ x: Float, channel: Int) -> Float {
        let value = shift[channel].addingProduct(x, scale[channel])
        return value < floor ? floor : value
    }
}
