/// A scenario found something other than it expected.
struct ProbeFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Throws unless both are equal.
    static func require<Value: Equatable>(_ found: Value, equals expected: Value, _ what: String) throws {
        guard found == expected else {
            throw ProbeFailure("\(what) gave \(found); expected \(expected). Look at what the transport does with it.")
        }
    }
}
