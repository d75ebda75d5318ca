import Tensors

/// One tensor of a safetensors file as its header describes it, checked against the file.
public struct SafetensorsEntry: Sendable, Hashable {
    /// The tensor's name.
    public let name: String
    /// The type of its elements.
    public let elementType: ElementType
    /// Its extents, outermost first; empty for a single number.
    public let shape: Shape
    /// Its bytes, counted from the start of the file's data.
    public let byteRange: Range<Int>
}
