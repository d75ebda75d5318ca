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
/// | `data_wait_seconds`, `exchange_seconds` | of these, spent waiting | of these, spent waiting |
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
    public var line: String {
        var fields: [(String, String)]
        switch self {
        case .step(let step):
            fields = [("kind", "\"step\""), ("step", "\(step.step)"), ("epoch", "\(step.epoch)")]
            fields += Self.numbers([
                (.loss, step.loss), (.accuracy, step.accuracy), (.learningRate, step.learningRate),
                (.imagesPerSecond, step.imagesPerSecond), (.seconds, step.seconds),
                (.dataWaitSeconds, step.dataWaitSeconds), (.exchangeSeconds, step.exchangeSeconds),
            ])
        case .epoch(let epoch):
            fields = [("kind", "\"epoch\""), ("step", "\(epoch.step)"), ("epoch", "\(epoch.epoch)")]
            fields += Self.numbers([
                (.loss, epoch.loss), (.accuracy, epoch.accuracy), (.validationLoss, epoch.validationLoss),
                (.validationAccuracy, epoch.validationAccuracy), (.learningRate, epoch.learningRate),
                (.imagesPerSecond, epoch.imagesPerSecond), (.seconds, epoch.seconds),
                (.dataWaitSeconds, epoch.dataWaitSeconds), (.exchangeSeconds, epoch.exchangeSeconds),
            ])
        }
        return "{" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    }

    /// Reads a line back; unknown keys are passed over.
    /// - Returns: nil when the line is not a complete record.
    public init?(line: some StringProtocol) {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(line.utf8)) else { return nil }
        switch fields.kind {
        case "step": self = .step(fields.stepMetrics)
        case "epoch": self = .epoch(fields.epochMetrics)
        default: return nil
        }
    }

    /// JSON numbers in Swift's shortest form that reads back to the same bits.
    private static func numbers(_ values: [(Key, Double?)]) -> [(String, String)] {
        values.map { key, value in (key.rawValue, value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null") }
    }

    private enum Key: String, CodingKey {
        case kind, step, epoch, loss, accuracy, seconds
        case validationLoss = "validation_loss"
        case validationAccuracy = "validation_accuracy"
        case learningRate = "learning_rate"
        case imagesPerSecond = "images_per_second"
        case dataWaitSeconds = "data_wait_seconds"
        case exchangeSeconds = "exchange_seconds"
    }

    /// A line as it is read, before its kind is known.
    private struct Fields: Decodable {
        let kind: String
        let step: Int
        let epoch: Int
        let loss: Double?
        let accuracy: Double?
        let validationLoss: Double?
        let validationAccuracy: Double?
        let learningRate: Double?
        let imagesPerSecond: Double?
        let seconds: Double?
        let dataWaitSeconds: Double?
        let exchangeSeconds: Double?

        typealias CodingKeys = Key

        var stepMetrics: StepMetrics {
            StepMetrics(
                step: step, epoch: epoch, loss: loss ?? .nan, accuracy: accuracy ?? .nan,
                learningRate: learningRate ?? .nan, imagesPerSecond: imagesPerSecond ?? .nan, seconds: seconds ?? .nan,
                dataWaitSeconds: dataWaitSeconds ?? .nan, exchangeSeconds: exchangeSeconds ?? .nan)
        }

        var epochMetrics: EpochMetrics {
            EpochMetrics(
                step: step, epoch: epoch, loss: loss ?? .nan, accuracy: accuracy ?? .nan,
                validationLoss: validationLoss, validationAccuracy: validationAccuracy,
                learningRate: learningRate ?? .nan, imagesPerSecond: imagesPerSecond ?? .nan, seconds: seconds ?? .nan,
                dataWaitSeconds: dataWaitSeconds ?? .nan, exchangeSeconds: exchangeSeconds ?? .nan)
        }
    }
}
