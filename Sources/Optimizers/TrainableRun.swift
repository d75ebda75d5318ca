import Tensors

/// A run of neighbouring trainable elements of the flat block that an optimiser treats alike.
///
/// Runs start on a cache line and are whole cache lines long: the padding behind a parameter belongs to its run. Padding
/// has value and gradient zero, which every optimiser leaves at zero.
package struct TrainableRun: Equatable {
    /// The elements, padding included.
    package var range: Range<Int>
    /// The weight decay of these elements.
    package let weightDecay: Double

    /// A run of those elements.
    package init(range: Range<Int>, weightDecay: Double) {
        self.range = range
        self.weightDecay = weightDecay
    }

    /// One worker's part of the run, whole cache lines.
    package func part(_ share: WorkShare) -> TrainableRun {
        let part = share.range(of: range.count, step: ParameterTable.elementAlignment)
        return TrainableRun(
            range: range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound, weightDecay: weightDecay)
    }

    /// The runs of a table in ascending order. Statistics lie in none; only weights decay.
    ///
    /// - Parameter isMerging: whether equal neighbours share a run; otherwise each parameter has one of its own.
    package static func runs(
        of table: ParameterTable, weightDecay: Double, isMerging: Bool = true
    ) -> [TrainableRun] {
        let alignment = ParameterTable.elementAlignment
        var runs: [TrainableRun] = []
        for parameter in table.parameters where parameter.role != .statistic && !parameter.range.isEmpty {
            let decay = parameter.role == .weight ? weightDecay : 0
            let end = (parameter.range.upperBound + alignment - 1) / alignment * alignment
            if isMerging, let last = runs.last, last.range.upperBound == parameter.range.lowerBound,
                last.weightDecay == decay
            {
                runs[runs.count - 1].range = last.range.lowerBound..<end
            } else {
                runs.append(TrainableRun(range: parameter.range.lowerBound..<end, weightDecay: decay))
            }
        }
        return runs
    }
}
