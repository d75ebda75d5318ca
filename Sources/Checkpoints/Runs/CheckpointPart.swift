/// The tensors of a checkpoint by what they are for.
public enum CheckpointPart: String, CaseIterable, Sendable {
    /// Weights, biases, scales and shifts.
    case weights
    /// Running means and variances.
    case statistics = "running statistics"
    /// What the optimiser keeps.
    case optimizer = "optimiser state"

    /// The part that a tensor belongs to; nil for the normalisation of images.
    init?(tensor name: String) {
        if name.hasPrefix(Checkpoint.optimizerPrefix) {
            self = .optimizer
        } else if name.hasPrefix(Checkpoint.normalizationPrefix) {
            return nil
        } else {
            self = name.hasSuffix(".running_mean") || name.hasSuffix(".running_var") ? .statistics : .weights
        }
    }
}

extension Checkpoint {
    /// The SHA-256 of one part's tensors: names, shapes and elements, as in the digest of the whole content, so that
    /// equal hashes mean equal bits.
    public func digest(of part: CheckpointPart) -> String {
        ContentDigest.of(tensors.filter { CheckpointPart(tensor: $0.name) == part }, metadata: [:])
    }
}
