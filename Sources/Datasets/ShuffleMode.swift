/// The order of an epoch's training images.
public enum ShuffleMode: String, Codable, Sendable, CaseIterable {
    /// A new permutation every epoch, from (seed, epoch).
    case epoch
    /// The order of the files.
    case none
}
