import Synchronization
import Testing

import Reports

@Suite("Progress lines")
struct ProgressTests {
    /// Collects what a progress line writes.
    private final class Screen: Sendable {
        private let written = Mutex<[String]>([])
        var texts: [String] { written.withLock { $0 } }
        func progress(_ style: ProgressStyle) -> ProgressLine {
            ProgressLine(style: style) { text in self.written.withLock { $0.append(text) } }
        }
    }

    private static let erase = "\u{1B}[K"

    private static func progress(_ step: Int) -> StepProgress {
        StepProgress(step: step, loss: 0.8123, accuracy: 0.7144, imagesPerSecond: 248)
    }

    private static let metrics = EpochMetrics(
        step: 1173, epoch: 3, loss: 0.8123, accuracy: 0.7144, validationLoss: 0.771, validationAccuracy: 0.732,
        learningRate: 1e-3, imagesPerSecond: 273, seconds: 183, steps: 0, account: StepAccount())

    private static func line(_ columns: Int?, step: Int = 187, remaining: Double = 62) -> String {
        ProgressFormat.progressLine(
            epoch: 3, of: 20, stepCount: 391, progress: progress(step), remainingSeconds: remaining, columns: columns)
    }

    @Test("The live line shows position, bar, time left, loss, accuracy and speed")
    func wideLine() {
        let measures = " · loss 0.8123 · accuracy 71.44% · 248 images/s"
        #expect(Self.line(96) == "Epoch 3/20  187/391 ━━━━━━╸─────── 47% · ETA 1:02" + measures)
        #expect(Self.line(200) == "Epoch 3/20  187/391 ━━━━━━━━━━━───────────── 47% · ETA 1:02" + measures)
        let early = Self.line(96, step: 7, remaining: .nan)
        #expect(early.hasPrefix("Epoch 3/20    7/391 ──────────────  1% · ETA -:-- · loss"))
    }

    @Test("Narrow terminals lose the bar, then fields from the right, and the line never exceeds the width")
    func narrowLines() {
        #expect(Self.line(80) == "Epoch 3/20  187/391 47% · ETA 1:02 · loss 0.8123 · accuracy 71.44%")
        #expect(Self.line(40) == "Epoch 3/20  187/391 47% · ETA 1:02")
        #expect(Self.line(10) == "Epoch 3/20")
        #expect(Self.line(90).contains("━━━╸──── 47%"))
        #expect(Self.line(89) == Self.line(nil))
        for columns in 0...130 { #expect(Self.line(columns).count <= columns) }
    }

    @Test("A bar has its exact width and is full only at the end", arguments: [8, 9, 14, 24])
    func bars(width: Int) {
        let bars = (0...391).map { ProgressFormat.bar(share: Double($0) / 391, width: width) }
        #expect(bars.allSatisfy { $0.count == width })
        #expect(bars.firstIndex { !$0.contains(where: "─╸".contains) } == 391)
    }

    @Test("On a terminal the line is drawn over, about ten times a second, and the epoch's line takes its place")
    func live() {
        let screen = Screen()
        var progress = screen.progress(.live(columns: { 61 }))
        progress.beginEpoch(3, of: 20, stepCount: 100, at: 10)
        for step in 1...100 { progress.update(Self.progress(step), at: 10 + Double(step) * 0.01) }
        progress.showActivity("evaluating")
        progress.endEpoch(Self.metrics)
        let texts = screen.texts
        #expect((10...13).contains(texts.count))
        #expect(texts[0] == "\rEpoch 3/20    1/100  1% · ETA 0:01 · loss 0.8123" + Self.erase)
        #expect(texts[texts.count - 3] == "\rEpoch 3/20  100/100 100% · ETA 0:00 · loss 0.8123" + Self.erase)
        #expect(texts[texts.count - 2] == "\rEpoch 3/20  evaluating …" + Self.erase)
        #expect(
            texts[texts.count - 1] == "\r" + Self.erase
                + "Epoch 3/20 · 183 s · loss 0.8123 · accuracy 71.44% · validation loss 0.7710 · "
                + "validation accuracy 73.20% · 273 images/s\n")
        #expect(texts.dropLast().allSatisfy { !$0.contains("\n") })
    }

    @Test("The last column stays free, where many terminals would begin a new line", arguments: [1, 20, 90, 95, 100])
    func lastColumn(columns: Int) {
        let screen = Screen()
        var progress = screen.progress(.live(columns: { columns }))
        progress.beginEpoch(3, of: 20, stepCount: 391, at: 0)
        progress.update(Self.progress(187), at: 60)
        progress.showActivity("evaluating")
        let visible = screen.texts.map { $0.dropFirst().dropLast(Self.erase.count).count }
        #expect(visible.count == 2 && visible.allSatisfy { $0 < columns })
    }

    @Test("A sentence on a terminal stays above the live line, and an error finds the line empty")
    func notes() {
        let screen = Screen()
        var progress = screen.progress(.live(columns: { 40 }))
        progress.note("starting")
        progress.clear()
        progress.beginEpoch(1, of: 1, stepCount: 4, at: 0)
        progress.update(Self.progress(1), at: 1)
        progress.note("checkpoint written")
        progress.clear()
        let line = "Epoch 1/1  1/4 25% · ETA 0:03"
        #expect(
            screen.texts == [
                "\r" + Self.erase + "starting\n", "\r" + line + Self.erase,
                "\r" + Self.erase + "checkpoint written\n" + line, "\r" + Self.erase,
            ])
    }

    @Test("The time left counts only the steps of this run when an epoch is resumed")
    func resumedEpoch() {
        let screen = Screen()
        var progress = screen.progress(.live(columns: { 40 }))
        progress.beginEpoch(2, of: 3, stepCount: 100, firstStep: 50, at: 0)
        progress.update(Self.progress(60), at: 10)
        #expect(screen.texts == ["\rEpoch 2/3   60/100 60% · ETA 0:40" + Self.erase])
    }

    @Test("In a log each tenth of an epoch has a line, without control characters")
    func plain() {
        let screen = Screen()
        var progress = screen.progress(.log)
        progress.beginEpoch(1, of: 2, stepCount: 391, at: 0)
        for step in 1...391 { progress.update(Self.progress(step), at: Double(step) * 0.5) }
        progress.note("a note")
        progress.showActivity("evaluating")
        progress.clear()
        progress.endEpoch(Self.metrics)
        let texts = screen.texts
        #expect(texts.count == 9 + 2)
        #expect(texts[0] == "Epoch 1/2   40/391 10% · ETA 2:56 · loss 0.8123 · accuracy 71.44% · 248 images/s\n")
        #expect(texts[9] == "a note\n")
        #expect(texts[10].hasPrefix("Epoch 3/2 · 183 s · loss 0.8123"))
        #expect(texts.allSatisfy { !$0.contains("\r") && !$0.contains("\u{1B}") && $0.hasSuffix("\n") })
    }

    @Test("A log has at most one line in five seconds, and at least one a minute", arguments: [(0.001, 0), (30, 18)])
    func plainPace(secondsPerStep: Double, lines: Int) {
        let screen = Screen()
        var progress = screen.progress(.log)
        progress.beginEpoch(1, of: 1, stepCount: 40, at: 0)
        for step in 1...40 { progress.update(Self.progress(step), at: Double(step) * secondsPerStep) }
        #expect(abs(screen.texts.count - lines) <= 2)
    }

    @Test("Quiet is quiet")
    func quiet() {
        let screen = Screen()
        var progress = screen.progress(.quiet)
        progress.beginEpoch(1, of: 1, stepCount: 2, at: 0)
        progress.update(Self.progress(1), at: 100)
        progress.showActivity("evaluating")
        progress.note("a note")
        progress.endEpoch(Self.metrics)
        progress.clear()
        #expect(screen.texts.isEmpty)
    }

    @Test("An epoch's line is followed by where its mean step's time went")
    func meanStep() {
        var metrics = Self.metrics
        metrics.steps = 10
        metrics.account = StepAccount { phase in
            switch phase {
            case .compute: 2.681
            case .exchangeWork: 0.02
            case .exposedCommunication: 0.009
            case .slowestRank: 0.042
            case .dataWait: 0
            }
        }
        let screen = Screen()
        var progress = screen.progress(.log)
        progress.endEpoch(metrics)
        #expect(screen.texts.count == 2)
        #expect(
            screen.texts[1]
                == "Rank 0's mean step 275.2 ms · compute 268.1 ms · exchange work 2.0 ms · "
                + "exposed communication 0.9 ms (0.33%) · slowest rank 4.2 ms · data 0.0 ms\n")
        metrics.account = StepAccount { $0 == .slowestRank ? -1e-12 : .nan }
        #expect(
            ProgressFormat.meanStepLine(metrics)
                == "Rank 0's mean step - ms · compute - ms · exchange work - ms · exposed communication - ms (0.00%) · "
                + "slowest rank 0.0 ms · data - ms")
    }

    @Test("An epoch without evaluation says nothing of one, and an empty epoch does no harm")
    func bareEpoch() {
        var bare = Self.metrics
        (bare.validationLoss, bare.validationAccuracy, bare.loss) = (nil, nil, .nan)
        #expect(
            ProgressFormat.epochLine(bare, of: 20)
                == "Epoch 3/20 · 183 s · loss nan · accuracy 71.44% · 273 images/s")
        let screen = Screen()
        var progress = screen.progress(.live(columns: { 0 }))
        progress.beginEpoch(1, of: 1, stepCount: 0, at: 0)
        progress.update(Self.progress(0), at: 0)
        #expect(screen.texts == ["\r" + Self.erase])
    }
}
