import Kernels
import Tensors

/// Softmax cross-entropy, averaged over the global batch.
public final class Criterion {
    /// The outcome for this rank's images.
    public struct Outcome {
        /// The gradient of the mean loss over the *global* batch by the logits.
        public let gradient: Tensor
        /// Per subtree of granules: the summed loss and the number of right answers, for the exchange.
        public let partials: [Double]
    }

    /// The values in a run of `Outcome.partials`: loss and right answers.
    public static let partialWidth = 2

    private let gradient: Tensor
    private let classes: Int

    /// A criterion for at most `maximumImages` images.
    ///
    /// - Throws: `ResourceError` when the system refuses the memory.
    public init(classes: Int, maximumImages: Int) throws(ResourceError) {
        self.classes = classes
        gradient = try Tensor(allocating: [max(1, maximumImages), classes])
    }

    /// The loss of this rank's logits and its gradient, divided by the context's `lossImages`: the global batch.
    public func evaluate(_ logits: Tensor, labels: [UInt8], _ context: TrainingContext) -> Outcome {
        precondition(labels.count == context.images, "\(labels.count) labels for \(context.images) images")
        let weight = 1 / Float(max(1, context.lossImages))
        let partials = context.partialSums { images in
            var loss = 0.0
            var right = 0.0
            for image in images {
                let row = logits.pointer + image * classes
                let label = Int(labels[image])
                loss += SoftmaxCrossEntropy.evaluate(
                    logits: row, classes: classes, label: label, weight: weight,
                    gradient: gradient.pointer + image * classes)
                if SoftmaxCrossEntropy.prediction(logits: row, classes: classes) == label { right += 1 }
            }
            return [loss, right]
        }
        return Outcome(gradient: gradient.first(context.images), partials: partials)
    }
}
