/// A reason why nothing can be tried; the description says what to do.
struct FuzzFailure: Error, CustomStringConvertible {
    /// The sentence.
    let description: String

    init(_ description: String) { self.description = description }
}
