/// The shapes a learning rate can follow over a run; the raw value is the name on the command line and in plans.
public enum ScheduleKind: String, Codable, Sendable, CaseIterable {
    /// The base rate throughout.
    case constant
    /// The e-book's steps: the base rate for epochs 0–5, a fifth for 6–10, a tenth for 11–15, a hundredth from 16 on.
    case step
    /// A straight fall from the base rate to zero at the end of the run.
    case linear
    /// Half a cosine from the base rate to zero at the end of the run.
    case cosine
    /// A straight rise from a fifth of the base rate over 23 % of the run, then a straight fall to 7 % of it: the shape of
    /// airbench (Jordan, 2024).
    case triangular
    /// A linear rise from 1/25 of the base rate, then half a cosine down to 1/10,000 of it.
    case oneCycle = "one-cycle"
}

/// The learning rate of every step of a run.
///
/// The rate is a function of the global step and the length of the run alone, so a resumed run goes on exactly. It is
/// taken in `Double` from operations that IEEE 754 rounds alike everywhere and rounded to `Float` once.
public struct LearningRateSchedule: Codable, Sendable, Equatable {
    /// The shape.
    public var kind: ScheduleKind
    /// The rate that the shape scales; the highest of the run.
    public var baseRate: Double
    /// Steps of linear warmup at the start of the run; 0 for none.
    ///
    /// Step s < warmupSteps has (s + 1) / (warmupSteps + 1) of the rate that the shape begins with, so no step is wasted
    /// on a rate of zero. Linear and cosine begin their descent after the warmup. Triangular and one-cycle warm up
    /// anyway, over 23 and 30 % of the run; a number here replaces them.
    public var warmupSteps: Int

    /// A schedule; the defaults are those of the article's recipe.
    public init(kind: ScheduleKind = .constant, baseRate: Double = 1e-3, warmupSteps: Int = 0) {
        self.kind = kind
        self.baseRate = baseRate
        self.warmupSteps = warmupSteps
    }

    /// Checks every setting.
    ///
    /// - Throws: `OptimizerError` for the first setting outside its range.
    public func validate() throws(OptimizerError) {
        guard baseRate > 0, Float(baseRate).isFinite else {
            throw OptimizerError("the learning rate", is: baseRate, choose: "a positive number such as 1e-3")
        }
        guard warmupSteps >= 0 else {
            throw OptimizerError("the warmup", is: "\(warmupSteps) steps", choose: "0 for none, or a positive number")
        }
    }

    /// The rate of one step.
    ///
    /// - Parameters:
    ///   - step: the global step, from 0.
    ///   - stepsPerEpoch: the steps of one epoch, which the `step` schedule counts epochs by.
    ///   - totalSteps: the steps of the whole run, with which the falls end; later steps keep the final rate.
    public func rate(step: Int, stepsPerEpoch: Int, totalSteps: Int) -> Float {
        let warmup = step < warmupSteps ? Double(step + 1) / Double(warmupSteps + 1) : 1
        let factor =
            switch kind {
            case .constant: warmup
            case .step: warmup * Self.eBookFactor(epoch: step / max(stepsPerEpoch, 1))
            case .linear: warmup * (1 - Self.progress(step, from: warmupSteps, to: totalSteps))
            case .cosine: warmup * Self.halfCosine(Self.progress(step, from: warmupSteps, to: totalSteps))
            case .triangular: triangularFactor(step: step, totalSteps: totalSteps)
            case .oneCycle: oneCycleFactor(step: step, totalSteps: totalSteps)
            }
        return Float(baseRate * factor)
    }

    /// The share of the base rate in a 0-based epoch: 1e-3, 2e-4, 1e-4 and 1e-5 for the article's 1e-3.
    private static func eBookFactor(epoch: Int) -> Double {
        switch epoch {
        case ...5: 1
        case ...10: 0.2
        case ...15: 0.1
        default: 0.01
        }
    }

    /// Triangular reaches 1 at the end of the rise, and its floor where the run ends.
    private func triangularFactor(step: Int, totalSteps: Int) -> Double {
        let (start, floor) = (0.2, 0.07)
        let rise = riseSteps(percent: 23, of: totalSteps)
        if step < rise { return start + (1 - start) * Double(step) / Double(rise) }
        return floor + (1 - floor) * (1 - Self.progress(step, from: rise, to: totalSteps))
    }

    /// One-cycle reaches 1 at the end of the rise and its floor in the last step of the run.
    private func oneCycleFactor(step: Int, totalSteps: Int) -> Double {
        let (start, floor) = (1.0 / 25, 1e-4)
        let rise = riseSteps(percent: 30, of: totalSteps)
        if step < rise { return start + (1 - start) * Double(step) / Double(rise) }
        return floor + (1 - floor) * Self.halfCosine(Self.progress(step, from: rise, to: totalSteps - 1))
    }

    /// The steps of a rise that takes a part of the run unless a warmup is asked for.
    private func riseSteps(percent: Int, of totalSteps: Int) -> Int {
        warmupSteps > 0 ? warmupSteps : totalSteps / 100 * percent + totalSteps % 100 * percent / 100
    }

    /// How far `step` lies on the way between two steps, in [0, 1].
    private static func progress(_ step: Int, from start: Int, to end: Int) -> Double {
        min(max(Double(step - start) / Double(max(end - start, 1)), 0), 1)
    }

    /// (1 + cos πx) / 2 for x in [0, 1].
    ///
    /// By the cosine's Taylor series on the first half and by symmetry on the second; the terms left out are below
    /// 1e-20. A library's `cos` would be free to differ between machines in the last bit.
    package static func halfCosine(_ x: Double) -> Double {
        if x > 0.5 { return 1 - halfCosine(1 - x) }
        let square = (Double.pi * x) * (Double.pi * x)
        // cos y = 1 − y²/2! + y⁴/4! − …, by Horner's rule from the highest power, y²⁴.
        var series = 1.0
        for order in stride(from: 24.0, to: 0, by: -2) { series = 1 - square / (order * (order - 1)) * series }
        return (1 + series) / 2
    }
}
