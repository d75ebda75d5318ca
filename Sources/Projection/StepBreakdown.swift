/// The seconds of a projected step, term by term; they add up to the step.
package struct StepBreakdown: Sendable, Equatable {
    private var seconds = [Double](repeating: 0, count: StepTerm.allCases.count)

    /// Nothing.
    package init() {}

    /// The seconds of a term.
    package subscript(term: StepTerm) -> Double {
        get { seconds[StepTerm.allCases.firstIndex(of: term)!] }
        set { seconds[StepTerm.allCases.firstIndex(of: term)!] = newValue }
    }

    /// The whole step.
    package var total: Double { seconds.reduce(0, +) }

    /// The largest of the terms that more ranks do not make smaller: why a step stops scaling. Nil if all are zero.
    package var obstacle: StepTerm? {
        StepTerm.allCases.filter { !$0.isShared && self[$0] > 0 }.max { self[$0] < self[$1] }
    }
}
