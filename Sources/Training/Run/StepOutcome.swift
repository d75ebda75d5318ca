import GradientExchange
import Reports

/// What one training step came to, over the global batch.
public struct StepOutcome: Sendable, Equatable {
    /// The summed loss of the global batch's images.
    public let loss: Double
    /// Images of the global batch classified rightly.
    public let right: Int
    /// Images of the global batch.
    public let images: Int
    /// The learning rate that was used.
    public let learningRate: Float
    /// Whether any rank was asked to stop; every rank gets the same answer.
    public let mustStop: Bool
}

extension StepMetrics {
    /// What is recorded of a step with this outcome; `account` is where its time went on this rank.
    package init(step: Int, epoch: Int, _ outcome: StepOutcome, _ account: StepAccount) {
        let images = Double(outcome.images)
        self.init(
            step: step, epoch: epoch, loss: outcome.loss / images, accuracy: Double(outcome.right) / images,
            learningRate: Double(outcome.learningRate), imagesPerSecond: images / account.total,
            seconds: account.total, account: account)
    }
}

extension StepAccount {
    /// Takes what communication cost out of the computing that it was measured inside; the total stays.
    package mutating func separate(_ waits: StepWaits) {
        move(waits.exchangeWork, from: .compute, to: .exchangeWork)
        move(waits.exposedCommunication, from: .compute, to: .exposedCommunication)
        move(waits.slowestRank, from: .compute, to: .slowestRank)
    }
}
