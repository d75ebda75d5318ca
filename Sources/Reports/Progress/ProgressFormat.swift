/// The texts of progress reports, without any state.
package enum ProgressFormat {
    private static let separator = " · "

    /// `Epoch 3/20  187/391 ━━━━━━╸─────── 48% · ETA 1:02 · loss 0.8123 · accuracy 71.44% · 248 images/s`
    ///
    /// - Parameter columns: the longest the line may be, or nil for a line without a bar and of any length. On narrow
    ///   terminals the bar goes first, then the fields from the right.
    package static func progressLine(
        epoch: Int, of epochCount: Int, stepCount: Int, progress: StepProgress, remainingSeconds: Double,
        columns: Int?
    ) -> String {
        let share = stepCount > 0 ? min(1, max(0, Double(progress.step) / Double(stepCount))) : 1
        let step = leftPadded("\(progress.step)", to: "\(stepCount)".count)
        let start = "Epoch \(epoch)/\(epochCount)  \(step)/\(stepCount) "
        let percentage = leftPadded("\(Int(share * 100))%", to: 3)
        var fields = [percentage, "ETA " + DurationFormat.clock(remainingSeconds)]
        fields += measures(loss: progress.loss, accuracy: progress.accuracy)
        if let rate = progress.imagesPerSecond { fields.append(NumberFormat.rate(rate) + " images/s") }

        guard let columns else { return start + fields.joined(separator: separator) }
        let room = columns - start.count - fields.joined(separator: separator).count - 1
        if room >= 8 {
            return start + bar(share: share, width: min(room, 24)) + " " + fields.joined(separator: separator)
        }
        while fields.count > 1, start.count + fields.joined(separator: separator).count > columns {
            fields.removeLast()
        }
        return String((start + fields.joined(separator: separator)).prefix(max(0, columns)))
    }

    /// `Epoch 3/20 · 183 s · loss 0.8123 · accuracy 71.44% · validation loss 0.7710 · … · 273 images/s`
    package static func epochLine(_ metrics: EpochMetrics, of epochCount: Int) -> String {
        var fields = ["Epoch \(metrics.epoch)/\(epochCount)", DurationFormat.seconds(metrics.seconds)]
        fields += measures(loss: metrics.loss, accuracy: metrics.accuracy)
        if let loss = metrics.validationLoss { fields.append("validation loss " + NumberFormat.loss(loss)) }
        if let accuracy = metrics.validationAccuracy {
            fields.append("validation accuracy " + NumberFormat.percentage(accuracy))
        }
        fields.append(NumberFormat.rate(metrics.imagesPerSecond) + " images/s")
        return fields.joined(separator: separator)
    }

    /// `Rank 0's mean step 275.2 ms · compute 268.1 ms · … · data 0.0 ms`; nil for an epoch without steps.
    package static func meanStepLine(_ metrics: EpochMetrics) -> String? {
        guard metrics.steps > 0 else { return nil }
        let mean = metrics.account.divided(by: metrics.steps)
        return "Rank 0's mean step " + DurationFormat.milliseconds(mean.total) + separator + account(mean)
    }

    /// `compute 268.1 ms · exchange work 2.0 ms · exposed communication 0.9 ms (0.33%) · slowest rank 4.2 ms · data 0.0 ms`
    package static func account(_ account: StepAccount) -> String {
        StepPhase.allCases.map { phase in
            let time = "\(phase.name) \(DurationFormat.milliseconds(account[phase]))"
            guard phase == .exposedCommunication else { return time }
            let share = account.total > 0 ? account[phase] / account.total : 0
            return "\(time) (\(NumberFormat.percentage(share)))"
        }.joined(separator: separator)
    }

    /// A bar in half characters. Full only when the share is 1.
    package static func bar(share: Double, width: Int) -> String {
        let halves = Int(share * Double(2 * width))
        let half = halves % 2 == 1 ? "╸" : ""
        let rest = width - (halves + 1) / 2
        return String(repeating: "━", count: halves / 2) + half + String(repeating: "─", count: rest)
    }

    private static func measures(loss: Double, accuracy: Double) -> [String] {
        ["loss " + NumberFormat.loss(loss), "accuracy " + NumberFormat.percentage(accuracy)]
    }

    private static func leftPadded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
