/// Shows how training goes on: a live line on a terminal, lines that stay in a log, or nothing.
///
/// It never prints by itself: texts, with their line ends and control characters, go to the closure it is given. Times
/// are seconds of any clock that goes forward, such as `MonotonicClock.seconds`.
public struct ProgressLine: Sendable {
    private static let shortestRedraw = 0.1
    private static let eraseLine = "\r\u{1B}[K"

    private let style: ProgressStyle
    private let write: @Sendable (String) -> Void

    private var epoch = 0
    private var epochCount = 0
    private var stepCount = 0
    private var firstStep = 0
    private var startTime = 0.0
    private var lastTime: Double?
    private var lastTenth = 0
    private var shownLine: String?

    /// Progress in a style.
    /// - Parameter write: where the texts go; on a terminal it must pass them on at once.
    public init(style: ProgressStyle, write: @escaping @Sendable (String) -> Void) {
        self.style = style
        self.write = write
    }

    /// Progress that nobody sees.
    public static let silent = ProgressLine(style: .quiet) { _ in }

    /// Starts an epoch.
    /// - Parameters:
    ///   - number: the epoch, counted from 1, of `epochCount`.
    ///   - stepCount: the steps of the whole epoch.
    ///   - firstStep: the steps that an earlier run has already taken of it.
    public mutating func beginEpoch(
        _ number: Int, of epochCount: Int, stepCount: Int, firstStep: Int = 0, at time: Double
    ) {
        epoch = number
        self.epochCount = epochCount
        self.stepCount = stepCount
        self.firstStep = firstStep
        startTime = time
        lastTenth = tenth(of: firstStep)
        if case .plain = style { lastTime = time } else { lastTime = nil }
    }

    /// Shows a finished step if it is time for it.
    public mutating func update(_ progress: StepProgress, at time: Double) {
        switch style {
        case .quiet: return
        case .live(let columns):
            let isDue = lastTime.map { time - $0 >= Self.shortestRedraw } ?? true
            guard isDue || progress.step == stepCount else { return }
            draw(line(progress, at: time, columns: columns() - 1))
        case .plain(let shortestGap, let longestGap):
            let gap = time - (lastTime ?? startTime)
            let isNewTenth = tenth(of: progress.step) > lastTenth
            guard progress.step < stepCount, gap >= (isNewTenth ? shortestGap : longestGap) else { return }
            lastTenth = tenth(of: progress.step)
            write(line(progress, at: time, columns: nil) + "\n")
        }
        lastTime = time
    }

    /// Shows on the live line what is going on besides training, such as `evaluating`.
    public mutating func showActivity(_ activity: String) {
        guard case .live(let columns) = style else { return }
        draw(String("Epoch \(epoch)/\(epochCount)  \(activity) …".prefix(max(0, columns() - 1))))
    }

    /// Replaces the live line by the epoch's own line and that of its mean step, which stay.
    public mutating func endEpoch(_ metrics: EpochMetrics) {
        shownLine = nil
        note(ProgressFormat.epochLine(metrics, of: epochCount))
        if let meanStep = ProgressFormat.meanStepLine(metrics) { note(meanStep) }
    }

    /// Writes a line that stays, above the live line.
    public mutating func note(_ sentence: String) {
        switch style {
        case .quiet: return
        case .plain: write(sentence + "\n")
        case .live: write(Self.eraseLine + sentence + "\n" + (shownLine ?? ""))
        }
    }

    /// Takes the live line away, so that an error can be shown in its place.
    public mutating func clear() {
        if shownLine != nil { write(Self.eraseLine) }
        shownLine = nil
    }

    private mutating func draw(_ line: String) {
        shownLine = line
        write("\r\(line)\u{1B}[K")
    }

    private func line(_ progress: StepProgress, at time: Double, columns: Int?) -> String {
        let done = progress.step - firstStep
        let perStep = done > 0 ? (time - startTime) / Double(done) : .nan
        return ProgressFormat.progressLine(
            epoch: epoch, of: epochCount, stepCount: stepCount, progress: progress,
            remainingSeconds: perStep * Double(stepCount - progress.step), columns: columns)
    }

    private func tenth(of step: Int) -> Int { stepCount > 0 ? step * 10 / stepCount : 0 }
}

/// How progress is shown.
public enum ProgressStyle: Sendable {
    /// One line that is drawn over and over on a terminal; the closure gives its width in characters.
    case live(columns: @Sendable () -> Int)
    /// Lines that stay, for files and logs: at each tenth of an epoch but at least `shortestGap` seconds after the
    /// line before, and in any case once `longestGap` seconds have passed.
    case plain(shortestGap: Double, longestGap: Double)
    /// Nothing at all.
    case quiet

    /// Plain lines at a pace that suits logs: no more than one in five seconds, no less than one a minute.
    public static let log = ProgressStyle.plain(shortestGap: 5, longestGap: 60)
}

/// Where an epoch stands, as the progress line shows it.
public struct StepProgress: Hashable, Sendable {
    /// Finished steps of the epoch.
    public var step: Int
    /// Mean training loss of the epoch so far.
    public var loss: Double
    /// Share of the epoch's images so far that were classified rightly, from 0 to 1.
    public var accuracy: Double
    /// Images per second over all ranks; nil before it is known.
    public var imagesPerSecond: Double?

    /// Progress after a step.
    public init(step: Int, loss: Double, accuracy: Double, imagesPerSecond: Double?) {
        self.step = step
        self.loss = loss
        self.accuracy = accuracy
        self.imagesPerSecond = imagesPerSecond
    }
}
