/// A network that cannot be built; the description says what is wrong and what to do.
public struct ArchitectureError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    init(_ description: String) { self.description = description }
}
