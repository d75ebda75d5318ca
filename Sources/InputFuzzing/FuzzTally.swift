/// What came of a number of inputs.
package struct FuzzTally: Hashable, Sendable {
    /// The inputs that were read.
    package var inputs = 0
    /// Those that the reader accepted.
    package var accepted = 0
    /// The seconds they took, mutations and checks included.
    package var seconds = 0.0

    /// Nothing yet.
    package init() {}

    /// Those that the reader refused with an error of its own.
    package var refused: Int { inputs - accepted }

    /// Adds what came of more inputs.
    package static func += (sum: inout FuzzTally, more: FuzzTally) {
        sum.inputs += more.inputs
        sum.accepted += more.accepted
        sum.seconds += more.seconds
    }
}
