import Foundation

/// Softmax and categorical cross-entropy of one image's logits.
public enum SoftmaxCrossEntropy {
    /// The loss −log softmax(logits)[label], and its gradient by the logits times `weight` (1 / global batch size).
    ///
    /// The largest logit is subtracted first, so no exponential overflows; sums are taken in `Double`.
    public static func evaluate(
        logits: UnsafePointer<Float>, classes: Int, label: Int, weight: Float, gradient: UnsafeMutablePointer<Float>
    ) -> Double {
        var largest = logits[0]
        for k in 1..<max(1, classes) { largest = max(largest, logits[k]) }
        var sum = 0.0
        for k in 0..<classes { sum += exp(Double(logits[k] - largest)) }
        for k in 0..<classes {
            let probability = exp(Double(logits[k] - largest)) / sum
            gradient[k] = Float((probability - (k == label ? 1 : 0)) * Double(weight))
        }
        return log(sum) - Double(logits[label] - largest)
    }

    /// The index of the largest logit, the first of equals.
    public static func prediction(logits: UnsafePointer<Float>, classes: Int) -> Int {
        var best = 0
        for k in 1..<max(1, classes) where logits[k] > logits[best] { best = k }
        return best
    }
}
