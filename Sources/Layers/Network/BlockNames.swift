/// The names of a network's blocks. Parameters and layers are called by their block's name, a dot and more; so that all
/// of them differ, no name is another's beginning up to a dot.
struct BlockNames {
    /// What checkpoints call what is no parameter of the network.
    private static let reserved = ["optimizer.", "normalization."]

    private var counts: [String: Int] = [:]
    private var names: Set<String> = []
    /// What stands in front of the dots of `names`.
    private var beginnings: Set<String> = []

    /// A block's own name, or its group's with the next number: `units.0`, `units.1`.
    ///
    /// - Throws: `ArchitectureError` when the name cannot be, or not beside the others.
    mutating func take(_ own: String?, group: String) throws(ArchitectureError) -> String {
        let name = own ?? "\(group).\(counts[group, default: 0])"
        if own == nil { counts[group, default: 0] += 1 }
        try Self.requireName(name)
        guard !names.contains(name) else {
            throw ArchitectureError("Two blocks are called '\(name)'; give each a name of its own.")
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let before = (1..<parts.count).map { parts[..<$0].joined(separator: ".") }
        if let shorter = before.first(where: { names.contains($0) }) ?? (beginnings.contains(name) ? name : nil) {
            throw ArchitectureError(
                "A block is called '\(shorter)', and the name of another begins with '\(shorter).', so that their "
                    + "parameters could not be told apart; give one of them another name.")
        }
        names.insert(name)
        beginnings.formUnion(before)
        return name
    }

    private static func requireName(_ name: String) throws(ArchitectureError) {
        let isWritten = name.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "_-.".contains(Character(scalar)))
        }
        guard isWritten, (1...100).contains(name.utf8.count) else {
            throw ArchitectureError(
                "A block cannot be called \(ArchitectureError.quoted(name)); choose a name of 1 to 100 letters, digits, "
                    + "'_', '-' and '.'.")
        }
        guard let taken = reserved.first(where: { "\(name).".hasPrefix($0) }) else { return }
        throw ArchitectureError(
            "A block cannot be called '\(name)', because checkpoints keep under '\(taken)' what is no parameter; choose "
                + "another name.")
    }
}
