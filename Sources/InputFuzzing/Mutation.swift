/// One way to damage an input.
package enum Mutation: CaseIterable, Sendable {
    /// Flips one to eight bits.
    case flipBits
    /// Cuts the input off.
    case truncate
    /// Goes on with the rest of another sample.
    case splice
    /// Puts a piece of the input's language in the place of up to 8 bytes.
    case insertToken
    /// Puts a number at or beyond the limits of the integer types in the place of digits, or anywhere.
    case insertHugeNumber
    /// Overwrites 8 bytes with a little-endian number, at the start or anywhere.
    case overwriteWord
    /// Repeats a piece of the input elsewhere: keys, entries, options and records come twice.
    case repeatPiece
    /// Opens up to 3000 brackets, and closes them or not.
    case nest
    /// Inserts bytes that are not UTF-8.
    case breakEncoding
    /// Overwrites up to 64 bytes at random.
    case scramble
    /// Removes up to 64 bytes.
    case remove
}
