import Foundation

/// One line of `metrics.jsonl`: a JSON object whose keys always stand in the order below.
///
/// | key | `"kind": "step"` | `"kind": "epoch"` |
/// |---|---|---|
/// | `step` | steps taken, this one included | steps taken at the epoch's end |
/// | `epoch` | counted from 1 | counted from 1 |
/// | `loss`, `accuracy` | of the global batch | over the epoch's training images |
/// | `validation_loss`, `validation_accuracy` | – | over the test images, null if not measured |
/// | `learning_rate` | of the step | of the last step |
/// | `images_per_second` | over all ranks | over all ranks |
/// | `seconds` | of the step | of the epoch, evaluation included |
/// | `steps` | – | those of the epoch that this run took |
/// | `compute_seconds`, `exchange_work_seconds` | on rank 0 | sums over these steps |
/// | `exposed_communication_seconds`, `slowest_rank_seconds` | on rank 0 | sums over these steps |
/// | `data_wait_seconds` | on rank 0 | sum over these steps |
/// | `private_memory_bytes` | – | of the rank that takes most, the data set apart; null if not known |
///
/// The five from `compute_seconds` on are the phases of `StepPhase`; those of a step add up to its `seconds`.
///
/// Accuracies run from 0 to 1. JSON has no NaN or infinity: such numbers are written as null and read back as NaN.
public enum MetricsRecord: Hashable, Sendable {
    /// A training step.
    case step(StepMetrics)
    /// A finished epoch.
    case epoch(EpochMetrics)

    /// Steps taken when the record was made.
    public var step: Int {
        switch self {
        case .step(let metrics): return metrics.step
        case .epoch(let metrics): return metrics.step
        }
    }

    /// The JSON object, without a newline.
    public var line: String { JSONText.text(self, .record) }

    /// Reads a line back; unknown keys are passed over.
    /// - Returns: nil when the line is not a complete record.
    public init?(line: some StringProtocol) {
        guard let record = try? JSONDecoder().decode(MetricsRecord.self, from: Data(line.utf8)) else { return nil }
        self = record
    }
}

extension MetricsRecord: Codable {
    private enum Kind: String, Codable { case step, epoch }

    private enum Key: String, CodingKey {
        case kind, step, epoch, loss, accuracy, seconds, steps
        case validationLoss = "validation_loss"
        case validationAccuracy = "validation_accuracy"
        case learningRate = "learning_rate"
        case imagesPerSecond = "images_per_second"
        case privateMemoryBytes = "private_memory_bytes"
    }

    /// Reads an object. Numbers that are missing or null are not a number; what an epoch may lack is nil.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        func number(_ key: Key) throws -> Double { try fields.decodeIfPresent(Double.self, forKey: key) ?? .nan }
        let step = try StepMetrics(
            step: fields.decode(Int.self, forKey: .step), epoch: fields.decode(Int.self, forKey: .epoch),
            loss: number(.loss), accuracy: number(.accuracy), learningRate: number(.learningRate),
            imagesPerSecond: number(.imagesPerSecond), seconds: number(.seconds), account: StepAccount(from: decoder))
        switch try fields.decode(Kind.self, forKey: .kind) {
        case .step: self = .step(step)
        case .epoch:
            self = try .epoch(
                EpochMetrics(
                    step: step.step, epoch: step.epoch, loss: step.loss, accuracy: step.accuracy,
                    validationLoss: fields.decodeIfPresent(Double.self, forKey: .validationLoss),
                    validationAccuracy: fields.decodeIfPresent(Double.self, forKey: .validationAccuracy),
                    learningRate: step.learningRate, imagesPerSecond: step.imagesPerSecond, seconds: step.seconds,
                    steps: fields.decodeIfPresent(Int.self, forKey: .steps) ?? 0, account: step.account,
                    privateMemoryBytes: fields.decodeIfPresent(Int.self, forKey: .privateMemoryBytes)))
        }
    }

    /// Writes the kind, and then the metrics.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        switch self {
        case .step(let step):
            try fields.encode(Kind.step, forKey: .kind)
            try step.encode(to: encoder)
        case .epoch(let epoch):
            try fields.encode(Kind.epoch, forKey: .kind)
            try epoch.encode(to: encoder)
        }
    }
}
