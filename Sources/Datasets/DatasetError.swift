/// Data that cannot be used; the description says what is wrong and what to do.
public struct DatasetError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    init(_ description: String) { self.description = description }
}
