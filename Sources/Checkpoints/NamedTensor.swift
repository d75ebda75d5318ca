import Tensors

/// A tensor as a checkpoint holds it: a name, extents in the order of the world outside, and its elements.
public struct NamedTensor: Sendable, Hashable {
    /// The name, as `units.0.conv.weight`.
    public let name: String
    /// The extents, outermost first; convolution weights are `[outputs, inputs, height, width]`.
    public let shape: Shape
    /// The elements in row-major order, as many as the shape has.
    public let values: [Float]

    /// A tensor of `shape`, which `values` must fill.
    public init(name: String, shape: Shape, values: [Float]) {
        precondition(values.count == shape.count, "\(values.count) values do not fill \(name) of \(shape)")
        self.name = name
        self.shape = shape
        self.values = values
    }
}
