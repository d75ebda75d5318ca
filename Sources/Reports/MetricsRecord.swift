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
    public var line: String {
        var fields: [(String, String)]
        switch self {
        case .step(let step):
            fields = [("kind", "\"step\""), ("step", "\(step.step)"), ("epoch", "\(step.epoch)")]
            fields += Self.numbers([
                (.loss, step.loss), (.accuracy, step.accuracy), (.learningRate, step.learningRate),
                (.imagesPerSecond, step.imagesPerSecond), (.seconds, step.seconds),
            ])
            fields += Self.numbers(step.account)
        case .epoch(let epoch):
            fields = [("kind", "\"epoch\""), ("step", "\(epoch.step)"), ("epoch", "\(epoch.epoch)")]
            fields += Self.numbers([
                (.loss, epoch.loss), (.accuracy, epoch.accuracy), (.validationLoss, epoch.validationLoss),
                (.validationAccuracy, epoch.validationAccuracy), (.learningRate, epoch.learningRate),
                (.imagesPerSecond, epoch.imagesPerSecond), (.seconds, epoch.seconds),
            ])
            fields.append(("steps", "\(epoch.steps)"))
            fields += Self.numbers(epoch.account)
            fields.append((Key.privateMemoryBytes.rawValue, epoch.privateMemoryBytes.map { "\($0)" } ?? "null"))
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
        values.map { key, value in (key.rawValue, number(value)) }
    }

    private static func numbers(_ account: StepAccount) -> [(String, String)] {
        StepPhase.allCases.map { ($0.key, number(account[$0])) }
    }

    private static func number(_ value: Double?) -> String {
        value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null"
    }

    private enum Key: String, CodingKey {
        case kind, step, epoch, loss, accuracy, seconds
        case validationLoss = "validation_loss"
        case validationAccuracy = "validation_accuracy"
        case learningRate = "learning_rate"
        case imagesPerSecond = "images_per_second"
        case steps
        case computeSeconds = "compute_seconds"
        case exchangeWorkSeconds = "exchange_work_seconds"
        case exposedCommunicationSeconds = "exposed_communication_seconds"
        case slowestRankSeconds = "slowest_rank_seconds"
        case dataWaitSeconds = "data_wait_seconds"
        case privateMemoryBytes = "private_memory_bytes"
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
        let steps: Int?
        let computeSeconds: Double?
        let exchangeWorkSeconds: Double?
        let exposedCommunicationSeconds: Double?
        let slowestRankSeconds: Double?
        let dataWaitSeconds: Double?
        let privateMemoryBytes: Int?

        typealias CodingKeys = Key

        private var account: StepAccount {
            StepAccount { phase in
                switch phase {
                case .compute: computeSeconds ?? .nan
                case .exchangeWork: exchangeWorkSeconds ?? .nan
                case .exposedCommunication: exposedCommunicationSeconds ?? .nan
                case .slowestRank: slowestRankSeconds ?? .nan
                case .dataWait: dataWaitSeconds ?? .nan
                }
            }
        }

        var stepMetrics: StepMetrics {
            StepMetrics(
                step: step, epoch: epoch, loss: loss ?? .nan, accuracy: accuracy ?? .nan,
                learningRate: learningRate ?? .nan, imagesPerSecond: imagesPerSecond ?? .nan, seconds: seconds ?? .nan,
                account: account)
        }

        var epochMetrics: EpochMetrics {
            EpochMetrics(
                step: step, epoch: epoch, loss: loss ?? .nan, accuracy: accuracy ?? .nan,
                validationLoss: validationLoss, validationAccuracy: validationAccuracy,
                learningRate: learningRate ?? .nan, imagesPerSecond: imagesPerSecond ?? .nan, seconds: seconds ?? .nan,
                steps: steps ?? 0, account: account, privateMemoryBytes: privateMemoryBytes)
        }
    }
}
