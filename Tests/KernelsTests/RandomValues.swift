import Tensors

/// Reproducible test data: normal draws keyed by `seed`.
func randomValues(_ count: Int, seed: UInt64, scale: Float = 1, offset: Float = 0) -> [Float] {
    var stream = RandomStream(seed: seed, purpose: .initialization)
    return (0..<count).map { _ in offset + scale * stream.normal() }
}

/// ‖actual − expected‖ / ‖expected‖.
func relativeError(_ actual: [Float], _ expected: [Float]) -> Double {
    var difference = 0.0
    var norm = 0.0
    for (a, e) in zip(actual, expected) {
        difference += (Double(a) - Double(e)) * (Double(a) - Double(e))
        norm += Double(e) * Double(e)
    }
    return (difference / max(norm, 1e-300)).squareRoot()
}
