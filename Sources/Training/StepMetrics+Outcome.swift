import Reports

extension StepMetrics {
    /// What is recorded of a step with this outcome; `account` is where its time went on this rank.
    init(step: Int, epoch: Int, _ outcome: StepOutcome, _ account: StepAccount) {
        let images = Double(outcome.images)
        self.init(
            step: step, epoch: epoch, loss: outcome.loss / images, accuracy: Double(outcome.right) / images,
            learningRate: Double(outcome.learningRate), imagesPerSecond: images / account.total,
            seconds: account.total, account: account)
    }
}
