import Tensors

/// A run of neighbouring trainable elements of the flat block that an optimiser treats alike.
///
/// Runs start on a cache line and are whole cache lines long: the padding behind a parameter belongs to its run. Padding
/// has value and gradient zero, which every optimiser leaves at zero.
public struct TrainableRun: Equatable, Sendable {
    /// The elements, padding included.
    public internal(set) var range: Range<Int>
    /// The weight decay of these elements.
    public let weightDecay: Double
    /// What the learning rate is multiplied by for these elements.
    public let rateFactor: Double
    /// The steps, from 0, in which these elements change.
    public let trainedSteps: Range<Int>

    /// A run of those elements.
    package init(
        range: Range<Int>, weightDecay: Double, rateFactor: Double = 1, trainedSteps: Range<Int> = 0..<Int.max
    ) {
        self.range = range
        self.weightDecay = weightDecay
        self.rateFactor = rateFactor
        self.trainedSteps = trainedSteps
    }

    /// A parameter and the padding behind it.
    private init(_ parameter: Parameter, weightDecay: Double) {
        let alignment = ParameterTable.elementAlignment
        let end = (parameter.range.upperBound + alignment - 1) / alignment * alignment
        self.init(
            range: parameter.range.lowerBound..<end,
            weightDecay: parameter.settings.weightDecay ?? (parameter.role == .weight ? weightDecay : 0),
            rateFactor: parameter.settings.rateFactor, trainedSteps: parameter.settings.trainedSteps)
    }

    /// The run of other elements that are treated as these.
    private func over(_ range: Range<Int>) -> TrainableRun {
        var run = self
        run.range = range
        return run
    }

    /// One worker's part of the run, whole cache lines.
    package func part(_ share: WorkShare) -> TrainableRun {
        let part = share.range(of: range.count, step: ParameterTable.elementAlignment)
        return over(range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
    }

    /// The runs of a table in ascending order. Statistics lie in none; weights decay by `weightDecay`, unless they have a
    /// decay of their own.
    ///
    /// - Parameter isMerging: whether equal neighbours share a run; otherwise each parameter has one of its own.
    package static func runs(
        of table: ParameterTable, weightDecay: Double, isMerging: Bool = true
    ) -> [TrainableRun] {
        var runs: [TrainableRun] = []
        for parameter in table.parameters where parameter.role != .statistic && !parameter.range.isEmpty {
            let run = TrainableRun(parameter, weightDecay: weightDecay)
            if isMerging, let last = runs.last, last.range.upperBound == run.range.lowerBound,
                last.over(run.range) == run
            {
                runs[runs.count - 1].range = last.range.lowerBound..<run.range.upperBound
            } else {
                runs.append(run)
            }
        }
        return runs
    }
}
