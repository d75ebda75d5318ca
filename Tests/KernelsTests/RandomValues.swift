import Tensors

/// Reproducible test data: normal draws keyed by `seed`.
func randomValues(_ count: Int, seed: UInt64, scale: Float = 1, offset: Float = 0) -> [Float] {
    var stream = RandomStream(seed: seed, purpose: .initialization)
    return (0..<count).map { _ in offset + scale * stream.normal() }
}
